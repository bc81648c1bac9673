metadata name = 'openmetadata-entra'
metadata description = 'The function app that sets up Microsoft Entra ID for OpenMetadata and renews its credentials, with everything it needs. docs/infrastructure.md'

targetScope = 'resourceGroup'

// Where and how

@description('Name of the environment; part of the names of all resources.')
@minLength(2)
@maxLength(20)
param environmentName string

@description('Region of all resources; Flex Consumption must offer Node 24 there.')
@minLength(3)
param location string = resourceGroup().location

@description('open: reachable from the internet, callers need an Entra token; restricted: storage and vault on private endpoints, callers by allowedIpRanges; private: the app on a private endpoint too.')
@allowed(['open', 'restricted', 'private'])
param topology string = 'open'

@description('How events of the vault reach the app. auto: directly in the open topology, otherwise through storage queues.')
@allowed(['auto', 'function', 'queue'])
param eventDelivery string = 'auto'

@description('URL of the released package (openmetadata-entra.zip). Empty: azd or func publishes the code.')
@maxLength(2048)
param packageUri string = ''

@description('Tags of all resources.')
param tags object = {}

// Who may call

@description('Client id of the registration that callers get tokens for (docs/install.md says how to create it). Empty only together with allowFunctionKeys.')
@maxLength(36)
param apiClientId string = ''

@description('Whether function keys, which do not expire, may guard the app instead of Entra.')
param allowFunctionKeys bool = false

@description('Client ids of the applications that may call. Empty: all that have an app role.')
@maxLength(100)
param allowedClientIds string[] = []

@description('Whether people sign in with a browser to see the page (GET /api/page), by Easy Auth with the registration of apiClientId, docs/page.md. The app then verifies every token by itself.')
param signInPeople bool = false

@description('Address ranges (CIDR) that may call, and publish the code. If set, all others are refused; needed in the restricted topology.')
@maxLength(400)
param allowedIpRanges string[] = []

// What exists already

@description('Resource id of an existing Key Vault. Empty: one is created.')
param existingVaultId string = ''

@description('Name of the existing vault\'s system topic (a vault can have only one), with a system-assigned identity. Empty: one is created.')
@maxLength(50)
param existingSystemTopicName string = ''

@description('Resource id of an existing Log Analytics workspace. Empty: one is created.')
param existingWorkspaceId string = ''

@description('Resource id of a subnet, delegated to Microsoft.App/environments, for the app\'s outbound calls. Empty: a network is created.')
param existingAppSubnetId string = ''

@description('Resource id of the subnet for private endpoints; set together with existingAppSubnetId.')
param existingEndpointSubnetId string = ''

@description('Resource id of the resource group with the privatelink zones. Empty: they are created.')
param existingDnsZonesGroupId string = ''

@description('Resource id of an existing action group for alerts. Empty: one is created for alertEmails.')
param existingActionGroupId string = ''

// Sizes, guards, alerts

@description('Replication of the storage account.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param storageSku string = 'Standard_ZRS'

@description('Memory of an instance, MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('Maximum number of instances.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('officer: Key Vault Secrets Officer; custom: a role without delete, purge and backup; whoever deploys needs the right to define roles.')
@allowed(['officer', 'custom'])
param vaultRole string = 'officer'

@description('Whether a lock protects the new vault from deletion.')
param lockVault bool = false

@description('Recovers the vault of this environment, if it was deleted less than 90 days ago. Set it for one deployment only.')
param recoverVault bool = false

@description('Address space of the new network, /24 or larger.')
@minLength(9)
param networkAddressPrefix string = '10.90.0.0/24'

@description('Days that a new workspace keeps the log.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 90

@description('Email addresses for alerts.')
@maxLength(50)
param alertEmails string[] = []

@description('Hours between two runs of the timer, as in rotationSchedule: an alert is raised after three such periods without a run.')
@minValue(1)
@maxValue(12)
param rotationPeriodHours int = 1

@description('Only events about secrets whose name begins with this reach the app. Empty: all events of the vault; the app ignores those about other secrets.')
@maxLength(127)
param secretNamePrefix string = ''

// What the app is told; README, "Settings"

@description('URL at which people and ingestion reach OpenMetadata. Empty with deployments or deploymentsBlob, and only then.')
@maxLength(2048)
param openMetadataUrl string = ''

@description('Name of the deployment; part of all names in Entra and in the vault.')
@maxLength(40)
param deploymentName string = ''

@description('How people sign in. Empty: implicit.')
@allowed(['', 'implicit', 'auth-code'])
param signInFlow string = ''

@description('Additional redirect URIs, separated by commas.')
param extraRedirectUris string = ''

@description('Principal domain of OpenMetadata, if the server does not report it.')
@maxLength(253)
param principalDomain string = ''

@description('Administrators of OpenMetadata, separated by commas.')
param initialAdmins string = ''

@description('The bot that ingestion runs as. Empty: ingestion-bot.')
param botName string = ''

@description('What the bot signs in with. Empty: auto, which depends on the server\'s release.')
@allowed(['', 'auto', 'sso', 'jwt'])
param botCredential string = ''

@description('Client id of an existing server registration to use instead of creating one.')
@maxLength(36)
param serverClientId string = ''

@description('Client id of an existing ingestion registration to use instead of creating one.')
@maxLength(36)
param ingestionClientId string = ''

@description('Name of the vault secret with a token for OpenMetadata, if OpenMetadata cannot accept the app\'s identity.')
@maxLength(127)
#disable-next-line secure-secrets-in-params // The name of a secret, none itself.
param openMetadataTokenSecret string = ''

@description('Client id of the identity that signs in to OpenMetadata, if not the app\'s own; one of openMetadataIdentityIds.')
@maxLength(36)
param openMetadataIdentityClientId string = ''

@description('Resource ids of user-assigned identities that sign in to OpenMetadata instead of the app\'s own: one for each deployment keeps their servers apart.')
param openMetadataIdentityIds string[] = []

@description('Whether tokens may be sent to OpenMetadata unencrypted, over http.')
param openMetadataAllowHttp bool = false

@description('Resource id of the App Service that OpenMetadata runs on: the app may then refresh and restart it.')
param appServiceId string = ''

@description('Whether the app may restart that App Service to make it use a new secret.')
param appServiceRestart bool = false

@description('Findings of status that are left so, each with the reason, as JSON: {"<kind>": "<reason>"}.')
param acceptedFindings string = ''

@description('Several deployments instead of the above: a JSON list, README, "Settings".')
param deployments string = ''

@description('Many deployments instead: https:// URL of a blob with such a list, on the storage account of the app or another that its identity may read.')
@maxLength(2048)
param deploymentsBlob string = ''

@description('Lifetime of a client secret, in days.')
@minValue(2)
@maxValue(730)
param secretLifetimeDays int = 90

@description('Days before its expiry that a client secret is replaced.')
@minValue(1)
@maxValue(700)
param secretRenewBeforeDays int = 30

@description('Days that the old client secret stays valid after the new one was delivered.')
@minValue(0)
@maxValue(365)
param secretOverlapDays int = 7

@description('Hours before the replacement that the new client secret is issued and proven.')
@minValue(0)
@maxValue(720)
param secretStageAheadHours int = 24

@description('Hours after which workloads that read the vault are assumed to have the new secret.')
@minValue(0)
@maxValue(720)
param secretReadWithinHours int = 24

@description('Schedule of the timer: NCRONTAB, UTC.')
@minLength(9)
param rotationSchedule string = '0 0 * * * *'

@description('Name of a secret in the vault that holds the addresses of receivers of notifications (docs/notifications.md). Empty: nobody is notified.')
@maxLength(127)
#disable-next-line secure-secrets-in-params // The name of a secret, none itself.
param notifyUrlSecret string = ''

@description('Days before its expiry that a credential without a delivered successor is notified.')
@minValue(1)
@maxValue(365)
param notifyExpiringDays int = 7

@description('The serviceManagementReference of the registrations, if the tenant requires one.')
param serviceManagementReference string = ''

@description('URL of Microsoft Graph in this cloud.')
@allowed(['https://graph.microsoft.com', 'https://graph.microsoft.us', 'https://microsoftgraph.chinacloudapi.cn'])
param graphUrl string = 'https://graph.microsoft.com'

// Names, after the abbreviations of the Cloud Adoption Framework

var token = uniqueString(resourceGroup().id, environmentName)
var name = '${environmentName}-${token}'
var appName = 'func-${name}'
var storageName = 'st${token}'
var packageContainer = 'package'
var allTags = union({ 'azd-env-name': environmentName }, tags)

// Decisions

var makesVault = empty(existingVaultId)
var vaultName = makesVault ? 'kv-${token}' : last(split(existingVaultId, '/'))
var vaultSubscription = makesVault ? subscription().subscriptionId : split(existingVaultId, '/')[2]
var vaultGroup = makesVault ? resourceGroup().name : split(existingVaultId, '/')[4]
var vaultId = resourceId(vaultSubscription, vaultGroup, 'Microsoft.KeyVault/vaults', vaultName)
var storageId = resourceId('Microsoft.Storage/storageAccounts', storageName)
var appId = resourceId('Microsoft.Web/sites', appName)
var componentName = 'appi-${name}'
var componentId = resourceId('Microsoft.Insights/components', componentName)
var workspaceName = 'log-${name}'
var workspaceId = empty(existingWorkspaceId)
  ? resourceId('Microsoft.OperationalInsights/workspaces', workspaceName)
  : existingWorkspaceId
var networkName = 'vnet-${name}'
var topicName = empty(existingSystemTopicName) ? 'evgst-${name}' : existingSystemTopicName
var isOpen = topology == 'open'
var isPrivate = topology == 'private'
var unreachable = 'Event Grid cannot call an app without public access: set eventDelivery to "queue" or "auto"'
var delivery = eventDelivery == 'function'
  ? (isPrivate ? fail(unreachable) : 'function')
  : (eventDelivery == 'auto' && isOpen ? 'function' : 'queue')
// An empty list would shut out callers, and whoever publishes the code, without a word.
var mayCall = topology == 'restricted' && empty(allowedIpRanges)
  ? fail('allowedIpRanges is empty, so nobody could call the app or publish its code: add your address ranges, or use another topology')
  : allowedIpRanges
var guardedBy = empty(apiClientId) && !allowFunctionKeys
  ? fail('apiClientId is missing: make the registration (docs/install.md), or set allowFunctionKeys to true')
  : apiClientId
// The app takes one description of what it serves, and no call while there are two.
var catalogueUrl = length(filter([openMetadataUrl, deployments, deploymentsBlob], one => !empty(one))) == 1
  ? openMetadataUrl
  : fail('set one of openMetadataUrl (the URL of OpenMetadata), deployments and deploymentsBlob, and no two')
var events = loadJsonContent('events.json')
// The work of the timer, one message for each credential; notifications; and the events that Event Grid cannot bring to
// the app itself.
var eventQueues = map(events.subscriptions, one => one.queue)
var queues = concat(eventQueues, ['rotate-credential', 'send-notification'])
var queueNames = concat(queues, map(queues, queue => '${queue}-poison'))
var makesNetwork = empty(existingAppSubnetId) != empty(existingEndpointSubnetId)
  ? fail('existingAppSubnetId and existingEndpointSubnetId go together: name both subnets, or neither')
  : !isOpen && empty(existingAppSubnetId)
var appSubnetId = makesNetwork
  ? resourceId('Microsoft.Network/virtualNetworks/subnets', networkName, 'snet-app')
  : existingAppSubnetId
var endpointSubnetId = makesNetwork
  ? resourceId('Microsoft.Network/virtualNetworks/subnets', networkName, 'snet-endpoints')
  : existingEndpointSubnetId
var makesZones = !isOpen && empty(existingDnsZonesGroupId)
var zonesSubscription = makesZones || isOpen ? subscription().subscriptionId : split(existingDnsZonesGroupId, '/')[2]
var zonesGroup = makesZones || isOpen ? resourceGroup().name : split(existingDnsZonesGroupId, '/')[4]
var zoneNames = {
  blob: 'privatelink.blob.${environment().suffixes.storage}'
  queue: 'privatelink.queue.${environment().suffixes.storage}'
  vault: 'privatelink${replace(environment().suffixes.keyvaultDns, '.vault.', '.vaultcore.')}'
  sites: 'privatelink.azurewebsites.net'
}
// By which the app reaches its storage and the vault.
var endpoints = isOpen
  ? []
  : [
      { group: 'blob', target: storageId }
      { group: 'queue', target: storageId }
      { group: 'vault', target: vaultId }
    ]

var settings = {
  TENANT_ID: tenant().tenantId
  KEY_VAULT_URL: 'https://${vaultName}${environment().suffixes.keyvaultDns}'
  AUTHORITY_HOST: environment().authentication.loginEndpoint
  GRAPH_URL: graphUrl
  ARM_URL: environment().resourceManager
  API_AUDIENCE: guardedBy
  SERVICE_MANAGEMENT_REFERENCE: serviceManagementReference
  OPENMETADATA_URL: catalogueUrl
  DEPLOYMENT_NAME: deploymentName
  SIGN_IN_FLOW: signInFlow
  EXTRA_REDIRECT_URIS: extraRedirectUris
  PRINCIPAL_DOMAIN: principalDomain
  INITIAL_ADMINS: initialAdmins
  BOT_NAME: botName
  BOT_CREDENTIAL: botCredential
  SERVER_CLIENT_ID: serverClientId
  INGESTION_CLIENT_ID: ingestionClientId
  OPENMETADATA_TOKEN_SECRET: openMetadataTokenSecret
  IDENTITY_CLIENT_ID: openMetadataIdentityClientId
  OPENMETADATA_ALLOW_HTTP: openMetadataAllowHttp ? 'true' : ''
  APP_SERVICE_ID: appServiceId
  APP_SERVICE_RESTART: appServiceRestart ? 'true' : ''
  ACCEPTED_FINDINGS: acceptedFindings
  DEPLOYMENTS: deployments
  DEPLOYMENTS_BLOB: deploymentsBlob
  SECRET_LIFETIME_DAYS: string(secretLifetimeDays)
  SECRET_RENEW_BEFORE_DAYS: string(secretRenewBeforeDays)
  SECRET_OVERLAP_DAYS: string(secretOverlapDays)
  SECRET_STAGE_AHEAD_HOURS: string(secretStageAheadHours)
  SECRET_READ_WITHIN_HOURS: string(secretReadWithinHours)
  ROTATION_SCHEDULE: rotationSchedule
  NOTIFY_URL: empty(notifyUrlSecret) ? '' : '@Microsoft.KeyVault(VaultName=${vaultName};SecretName=${notifyUrlSecret})'
  NOTIFY_EXPIRING_DAYS: string(notifyExpiringDays)
}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-${name}'
  location: location
  tags: allTags
}

module monitoring 'modules/monitoring.bicep' = {
  params: {
    componentName: componentName
    workspaceName: workspaceName
    existingWorkspaceId: existingWorkspaceId
    retentionDays: logRetentionDays
    location: location
    tags: allTags
    writerId: identity.properties.principalId
    writerResourceId: identity.id
  }
}

module storage 'modules/storage.bicep' = {
  params: {
    name: storageName
    location: location
    tags: allTags
    sku: storageSku
    publicAccess: isOpen
    packageContainer: packageContainer
    deadLetterContainer: events.deadLetterContainer
    queueNames: queueNames
    appIdentityId: identity.properties.principalId
    appIdentityResourceId: identity.id
    workspaceId: workspaceId
  }
  dependsOn: [monitoring]
}

module vault 'modules/vault.bicep' = if (makesVault) {
  params: {
    name: vaultName
    location: location
    tags: allTags
    publicAccess: isOpen
    workspaceId: workspaceId
    recover: recoverVault
    lock: lockVault
  }
  dependsOn: [monitoring]
}

module vaultAccess 'modules/vault-access.bicep' = {
  scope: resourceGroup(vaultSubscription, vaultGroup)
  params: {
    vaultName: vaultName
    appIdentityId: identity.properties.principalId
    appIdentityResourceId: identity.id
    role: vaultRole
  }
  dependsOn: [vault]
}

module siteAccess 'modules/site-access.bicep' = if (!empty(appServiceId)) {
  scope: resourceGroup(
    empty(appServiceId) ? subscription().subscriptionId : split(appServiceId, '/')[2],
    empty(appServiceId) ? resourceGroup().name : split(appServiceId, '/')[4]
  )
  params: {
    siteName: last(split(appServiceId, '/'))
    appIdentityId: identity.properties.principalId
    appIdentityResourceId: identity.id
  }
}

module network 'modules/network.bicep' = if (makesNetwork) {
  params: {
    name: networkName
    location: location
    tags: allTags
    addressPrefix: networkAddressPrefix
  }
}

module zones 'modules/private-zones.bicep' = if (makesZones) {
  params: {
    zoneNames: map(filter(items(zoneNames), zone => isPrivate || zone.key != 'sites'), zone => zone.value)
    networkId: split(appSubnetId, '/subnets/')[0]
    linkName: networkName
    tags: allTags
  }
  dependsOn: [network]
}

module privateEndpoints 'modules/private-endpoint.bicep' = [
  for endpoint in endpoints: {
    params: {
      name: 'pep-${endpoint.group}-${name}'
      location: location
      tags: allTags
      subnetId: endpointSubnetId
      targetId: endpoint.target
      groupId: endpoint.group
      zoneId: resourceId(zonesSubscription, zonesGroup, 'Microsoft.Network/privateDnsZones', zoneNames[endpoint.group])
    }
    dependsOn: [storage, vault, network, zones]
  }
]

module appEndpoint 'modules/private-endpoint.bicep' = if (isPrivate) {
  params: {
    name: 'pep-sites-${name}'
    location: location
    tags: allTags
    subnetId: endpointSubnetId
    targetId: appId
    groupId: 'sites'
    zoneId: resourceId(zonesSubscription, zonesGroup, 'Microsoft.Network/privateDnsZones', zoneNames.sites)
  }
  dependsOn: [app, network, zones]
}

module app 'modules/function-app.bicep' = {
  params: {
    name: appName
    planName: 'asp-${name}'
    location: location
    tags: allTags
    identityId: identity.id
    identityClientId: identity.properties.clientId
    furtherIdentityIds: openMetadataIdentityIds
    storageName: storageName
    packageContainer: packageContainer
    componentName: componentName
    settings: settings
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    subnetId: isOpen ? '' : appSubnetId
    publicAccess: !isPrivate
    allowedIpRanges: mayCall
    restricted: topology == 'restricted' || !empty(allowedIpRanges)
    takesEvents: delivery == 'function'
    apiClientId: guardedBy
    allowedClientIds: allowedClientIds
    signInPeople: signInPeople
    packageUri: packageUri
  }
  // The host reads its storage and the package from its first moment on, where the network is closed by an endpoint.
  dependsOn: [storage, monitoring, vaultAccess, network, privateEndpoints]
}

module topic 'modules/topic.bicep' = {
  scope: resourceGroup(vaultSubscription, vaultGroup)
  params: {
    name: topicName
    exists: !empty(existingSystemTopicName)
    vaultId: vaultId
    location: vaultAccess.outputs.location
    tags: allTags
  }
}

module topicAccess 'modules/topic-access.bicep' = {
  params: {
    storageName: storageName
    deadLetterContainer: events.deadLetterContainer
    queueNames: delivery == 'queue' ? eventQueues : []
    topicIdentityId: topic.outputs.principalId
    topicId: resourceId(vaultSubscription, vaultGroup, 'Microsoft.EventGrid/systemTopics', topicName)
  }
  dependsOn: [storage]
}

// To functions only where the code is deployed here too: Event Grid subscribes no function that does not exist yet.
// With azd the layer infra/events does it after the code.
module subscriptions 'modules/subscriptions.bicep' = if (delivery == 'queue' || !empty(packageUri)) {
  scope: resourceGroup(vaultSubscription, vaultGroup)
  params: {
    topicName: topicName
    namePrefix: name
    delivery: delivery
    secretNamePrefix: secretNamePrefix
    functionAppId: appId
    storageId: storageId
  }
  dependsOn: [app, topicAccess]
}

module actionGroup 'modules/action-group.bicep' = if (empty(existingActionGroupId)) {
  params: { name: 'ag-${name}', emails: alertEmails, tags: allTags }
}

var actionGroupId = empty(existingActionGroupId)
  ? resourceId('Microsoft.Insights/actionGroups', 'ag-${name}')
  : existingActionGroupId

module expiryAlert 'modules/expiry-alert.bicep' = {
  scope: resourceGroup(vaultSubscription, vaultGroup)
  params: {
    topicName: topicName
    namePrefix: name
    secretNamePrefix: secretNamePrefix
    actionGroupId: actionGroupId
  }
  dependsOn: [topic, actionGroup]
}

module alerts 'modules/alerts.bicep' = {
  params: {
    namePrefix: environmentName
    location: location
    tags: allTags
    actionGroupId: actionGroupId
    componentId: componentId
    workspaceId: workspaceId
    storageName: storageName
    watchedVaultId: makesVault ? vaultId : ''
    appIdentityId: identity.properties.principalId
    periodHours: rotationPeriodHours
  }
  dependsOn: [monitoring, storage, actionGroup]
}

module topicAlerts 'modules/topic-alerts.bicep' = {
  scope: resourceGroup(vaultSubscription, vaultGroup)
  params: {
    topicName: topicName
    namePrefix: name
    tags: allTags
    actionGroupId: actionGroupId
  }
  dependsOn: [topic, actionGroup]
}

module workbook 'modules/workbook.bicep' = {
  params: {
    location: location
    tags: allTags
    componentId: componentId
  }
  dependsOn: [monitoring]
}

@description('Name of the function app.')
output AZURE_FUNCTION_APP_NAME string = appName

@description('Resource id of the function app.')
output AZURE_FUNCTION_APP_ID string = appId

@description('URL of the app.')
output APP_URL string = 'https://${app.outputs.host}'

@description('Object id of the app\'s identity, which gets permissions in Entra and in OpenMetadata.')
output APP_IDENTITY_OBJECT_ID string = identity.properties.principalId

@description('Address of the vault.')
output KEY_VAULT_URL string = settings.KEY_VAULT_URL

@description('Resource id of the vault.')
output KEY_VAULT_ID string = vaultId

@description('Name of the system topic of the vault.')
output EVENT_TOPIC_NAME string = topicName

@description('Resource id of the storage account.')
output STORAGE_ACCOUNT_ID string = storageId

@description('How events reach the app: function or queue.')
output EVENT_DELIVERY string = delivery
