metadata description = 'The system topic of the vault, made or found. A vault has one at most.'

param name string
param exists bool
param vaultId string

@description('A system topic is where its source is.')
param location string

param tags object

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = if (!exists) {
  name: name
  location: location
  tags: tags
  // System-assigned: no other identity passes a storage firewall.
  identity: { type: 'SystemAssigned' }
  properties: {
    source: vaultId
    topicType: 'Microsoft.KeyVault.vaults'
  }
}

resource found 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = if (exists) {
  name: name
}

output principalId string = exists ? found!.identity.principalId : topic!.identity.principalId
