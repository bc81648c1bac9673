using '../main.bicep'

// Nothing is made that a platform team already keeps; the code comes from a release.
param environmentName = 'prod'
param location = 'westeurope'
param topology = 'restricted'
param eventDelivery = 'function'
param packageUri = 'https://example.com/releases/1.0.0/openmetadata-entra.zip'
param apiClientId = '11111111-1111-1111-1111-111111111111'
param allowedClientIds = ['22222222-2222-2222-2222-222222222222']
param allowedIpRanges = ['203.0.113.0/24']
param openMetadataUrl = 'https://openmetadata.example.com'
param signInFlow = 'auth-code'
param appServiceId = '/subscriptions/00000000-0000-0000-0000-000000000003/resourceGroups/rg-data/providers/Microsoft.Web/sites/openmetadata'
param appServiceRestart = true
param existingVaultId = '/subscriptions/00000000-0000-0000-0000-000000000003/resourceGroups/rg-platform/providers/Microsoft.KeyVault/vaults/kv-platform'
param existingSystemTopicName = 'evgst-platform'
param existingWorkspaceId = '/subscriptions/00000000-0000-0000-0000-000000000003/resourceGroups/rg-platform/providers/Microsoft.OperationalInsights/workspaces/log-platform'
param existingAppSubnetId = '/subscriptions/00000000-0000-0000-0000-000000000003/resourceGroups/rg-platform/providers/Microsoft.Network/virtualNetworks/vnet-platform/subnets/snet-app'
param existingEndpointSubnetId = '/subscriptions/00000000-0000-0000-0000-000000000003/resourceGroups/rg-platform/providers/Microsoft.Network/virtualNetworks/vnet-platform/subnets/snet-endpoints'
param existingDnsZonesGroupId = '/subscriptions/00000000-0000-0000-0000-000000000003/resourceGroups/rg-hub'
param existingActionGroupId = '/subscriptions/00000000-0000-0000-0000-000000000003/resourceGroups/rg-platform/providers/Microsoft.Insights/actionGroups/ag-platform'
param vaultRole = 'custom'
param secretNamePrefix = 'openmetadata-'
