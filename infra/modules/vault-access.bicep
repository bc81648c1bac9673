metadata description = 'What the app may do with secrets in the vault, made or found; and where the vault is.'

param vaultName string

@description('Object id of the identity of the app.')
param appIdentityId string

@description('Its resource id: names what it is given.')
param appIdentityResourceId string

@description('officer: the built-in role; custom: one without delete, purge and backup.')
@allowed(['officer', 'custom'])
param role string

var keyVaultSecretsOfficer = 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' existing = {
  name: vaultName
}

resource keeper 'Microsoft.Authorization/roleDefinitions@2022-04-01' = if (role == 'custom') {
  name: guid(resourceGroup().id, 'OpenMetadata secret keeper')
  properties: {
    roleName: 'OpenMetadata secret keeper (${uniqueString(resourceGroup().id)})'
    description: 'Reads, writes and lists secrets; deletes, purges, backs up and restores none'
    type: 'CustomRole'
    assignableScopes: [resourceGroup().id]
    permissions: [
      {
        actions: []
        notActions: []
        dataActions: [
          'Microsoft.KeyVault/vaults/secrets/getSecret/action'
          'Microsoft.KeyVault/vaults/secrets/setSecret/action'
          'Microsoft.KeyVault/vaults/secrets/readMetadata/action'
          'Microsoft.KeyVault/vaults/secrets/update/action'
        ]
        notDataActions: []
      }
    ]
  }
}

resource keeps 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, appIdentityResourceId, role)
  properties: {
    description: 'The app stores and reads the credentials that it renews'
    principalId: appIdentityId
    principalType: 'ServicePrincipal'
    roleDefinitionId: role == 'custom'
      ? keeper.id
      : subscriptionResourceId('Microsoft.Authorization/roleDefinitions', keyVaultSecretsOfficer)
  }
}

output location string = vault.location
