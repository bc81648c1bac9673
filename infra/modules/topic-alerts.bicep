metadata description = 'Events of the vault that did not arrive.'

param topicName string

@description('Begins the names of the alerts, and of the subscriptions that they are about: unlike that of any other installation, since several may share the resource group of a vault.')
param namePrefix string

param tags object
param actionGroupId string

var metrics = [
  {
    name: 'dead-letters'
    metric: 'DeadLetteredCount'
    summary: 'An event could not be delivered and is among the dead letters'
  }
  { name: 'dropped-events', metric: 'DroppedEventCount', summary: 'An event could not be delivered and is lost' }
]

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = {
  name: topicName
}

resource alerts 'Microsoft.Insights/metricAlerts@2026-01-01' = [
  for one in metrics: {
    name: '${namePrefix}-${one.name}'
    location: 'global'
    tags: tags
    properties: {
      description: '${one.summary}; the timer does the work instead'
      severity: 2
      enabled: true
      scopes: [topic.id]
      evaluationFrequency: 'PT5M'
      windowSize: 'PT15M'
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion'
            name: one.metric
            metricName: one.metric
            metricNamespace: 'Microsoft.EventGrid/systemTopics'
            timeAggregation: 'Total'
            operator: 'GreaterThan'
            threshold: 0
            // Only subscriptions of this app: others may share the topic.
            dimensions: [
              { name: 'EventSubscriptionName', operator: 'StartsWith', values: ['evgs-${namePrefix}-'] }
            ]
          }
        ]
      }
      autoMitigate: true
      actions: [{ actionGroupId: actionGroupId }]
    }
  }
]
