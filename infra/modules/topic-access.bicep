metadata description = 'What the system topic may do in the storage account.'

param storageName string
param deadLetterContainer string

@description('Queues that the topic delivers to.')
param queueNames string[]

@description('Object id of the identity of the system topic.')
param topicIdentityId string

@description('Resource id of the topic: names what its identity is given.')
param topicId string

var storageQueueDataMessageSender = 'c6a89b2d-59bc-44d0-9896-0f6e12d7b80a'
var storageBlobDataContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'

resource account 'Microsoft.Storage/storageAccounts@2026-04-01' existing = {
  name: storageName

  resource blobs 'blobServices' existing = {
    name: 'default'

    resource deadLetters 'containers' existing = {
      name: deadLetterContainer
    }
  }

  resource queueService 'queueServices' existing = {
    name: 'default'
  }
}

resource queues 'Microsoft.Storage/storageAccounts/queueServices/queues@2026-04-01' existing = [
  for queue in queueNames: {
    parent: account::queueService
    name: queue
  }
]

resource sender 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (queue, index) in queueNames: {
    scope: queues[index]
    name: guid(queues[index].id, topicId, storageQueueDataMessageSender)
    properties: {
      description: 'Event Grid puts events into the queue'
      principalId: topicIdentityId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', storageQueueDataMessageSender)
    }
  }
]

resource undertaker 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: account::blobs::deadLetters
  name: guid(account::blobs::deadLetters.id, topicId, storageBlobDataContributor)
  properties: {
    description: 'Event Grid keeps events that it could not deliver'
    principalId: topicIdentityId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', storageBlobDataContributor)
  }
}
