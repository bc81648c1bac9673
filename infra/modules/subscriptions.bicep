metadata description = 'The subscriptions of the system topic: to the functions themselves, or to storage queues. Both modes use the same names, so a change of mode moves them.'

param topicName string

@description('Part of the name of each subscription: others may share the topic.')
param namePrefix string

@allowed(['function', 'queue'])
param delivery string

@description('Only events about secrets whose name begins so; empty: all.')
param secretNamePrefix string

param functionAppId string
param storageId string

var events = loadJsonContent('../events.json')

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = {
  name: topicName
}

resource subscriptions 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = [
  for one in events.subscriptions: {
    parent: topic
    name: 'evgs-${namePrefix}-${one.name}'
    properties: {
      eventDeliverySchema: 'CloudEventSchemaV1_0'
      filter: {
        includedEventTypes: one.eventTypes
        subjectBeginsWith: secretNamePrefix
      }
      destination: delivery == 'function'
        ? {
            endpointType: 'AzureFunction'
            properties: {
              // The app is in the resource group of the deployment, the topic in that of the vault.
              #disable-next-line use-resource-id-functions
              resourceId: '${functionAppId}/functions/${one.function}'
              maxEventsPerBatch: 1
              preferredBatchSizeInKilobytes: 64
            }
          }
        : null
      deliveryWithResourceIdentity: delivery == 'queue'
        ? {
            identity: { type: 'SystemAssigned' }
            destination: {
              endpointType: 'StorageQueue'
              properties: {
                resourceId: storageId
                queueName: one.queue
                queueMessageTimeToLiveInSeconds: 604800
              }
            }
          }
        : null
      retryPolicy: { maxDeliveryAttempts: 30, eventTimeToLiveInMinutes: 1440 }
      deadLetterWithResourceIdentity: {
        identity: { type: 'SystemAssigned' }
        deadLetterDestination: {
          endpointType: 'StorageBlob'
          properties: { resourceId: storageId, blobContainerName: events.deadLetterContainer }
        }
      }
    }
  }
]
