metadata description = 'A secret that ran out raises an alert straight from Event Grid: also while the app is dead.'

param topicName string
param namePrefix string
param secretNamePrefix string
param actionGroupId string

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = {
  name: topicName
}

resource expired 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = {
  parent: topic
  name: 'evgs-${namePrefix}-expired'
  properties: {
    // The only schema that alerts take.
    eventDeliverySchema: 'CloudEventSchemaV1_0'
    filter: {
      includedEventTypes: ['Microsoft.KeyVault.SecretExpired']
      subjectBeginsWith: secretNamePrefix
      // What is staged is handed to nobody.
      advancedFilters: [{ operatorType: 'StringNotEndsWith', key: 'subject', values: ['-next'] }]
    }
    destination: {
      endpointType: 'MonitorAlert'
      properties: {
        severity: 'Sev1'
        description: 'An OpenMetadata credential expired in the vault: see docs/operate.md'
        actionGroups: [actionGroupId]
      }
    }
  }
}
