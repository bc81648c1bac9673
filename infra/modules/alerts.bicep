metadata description = 'What needs a person. docs/operate.md says for each what to do.'

param namePrefix string
param location string
param tags object
param actionGroupId string

@description('Resource id of the Application Insights component.')
param componentId string

@description('Resource id of the Log Analytics workspace.')
param workspaceId string

param storageName string

@description('Resource id of the vault whose audit log goes to the workspace; empty: the vault is not watched.')
param watchedVaultId string

@description('Object id of the app\'s identity.')
param appIdentityId string

@description('Hours between two runs of the timer.')
param periodHours int

var lines = loadTextContent('../queries/lines.kql')
var period = string(periodHours)

// Silence is looked for over two days, the longest that a rule may look back, of which the query takes three periods.
var appRules = [
  {
    name: 'failed-rotation'
    severity: 1
    summary: 'A credential could not be renewed; the previous one keeps working until it expires'
    every: 'PT15M'
    back: 'PT15M'
    query: '${lines}${loadTextContent('../queries/failed-rotation.kql')}'
  }
  {
    name: 'failed-delivery'
    severity: 1
    summary: 'A new credential did not reach OpenMetadata'
    every: 'PT15M'
    back: 'PT15M'
    query: '${lines}${loadTextContent('../queries/failed-delivery.kql')}'
  }
  {
    name: 'forbidden'
    severity: 1
    summary: 'Entra, Microsoft Graph, the vault, OpenMetadata or App Service refused the app'
    every: 'PT15M'
    back: 'PT15M'
    query: '${lines}${loadTextContent('../queries/forbidden.kql')}'
  }
  {
    name: 'untrusted-secret'
    severity: 1
    summary: 'The current secret in the vault is not the one that this app stored, or Entra rejects it'
    every: 'PT15M'
    back: 'PT15M'
    query: '${lines}${loadTextContent('../queries/untrusted-secret.kql')}'
  }
  {
    name: 'trouble'
    severity: 2
    summary: 'A run found something out of order besides its work, for example a queue that does not answer'
    every: 'PT15M'
    back: 'PT15M'
    query: '${lines}${loadTextContent('../queries/trouble.kql')}'
  }
  {
    name: 'no-look'
    severity: 1
    summary: 'No run has completed a look at a credential for three periods of the timer'
    every: 'PT1H'
    back: 'P2D'
    query: '${lines}${replace(loadTextContent('../queries/no-look.kql'), '{{period}}', period)}'
  }
  {
    name: 'timer-silent'
    severity: 2
    summary: 'The timer has not run for three of its periods'
    every: 'PT1H'
    back: 'P2D'
    query: replace(loadTextContent('../queries/timer-silent.kql'), '{{period}}', period)
  }
]

var poisonRule = {
  name: 'poison'
  severity: 2
  summary: 'A message failed too often and was moved to a poison queue'
  every: 'PT15M'
  back: 'PT30M'
  query: replace(loadTextContent('../queries/poison.kql'), '{{storage}}', storageName)
}

var vaultRule = {
  name: 'vault-forbidden'
  severity: 1
  summary: 'The vault refused the app'
  every: 'PT15M'
  back: 'PT30M'
  query: replace(
    replace(loadTextContent('../queries/vault-forbidden.kql'), '{{vault}}', watchedVaultId),
    '{{identity}}',
    appIdentityId
  )
}

resource appAlerts 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for rule in appRules: {
    name: '${namePrefix}-${rule.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: 'OpenMetadata credentials: ${rule.name}'
      description: rule.summary
      severity: rule.severity
      enabled: true
      scopes: [componentId]
      evaluationFrequency: rule.every
      windowSize: rule.back == 'P2D' ? 'PT1H' : rule.back
      overrideQueryTimeRange: rule.back == 'P2D' ? 'P2D' : null
      criteria: {
        allOf: [
          {
            query: rule.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      autoMitigate: true
      // Tables come into being with their first row.
      skipQueryValidation: true
      actions: { actionGroups: [actionGroupId] }
    }
  }
]

resource workspaceAlerts 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for rule in (empty(watchedVaultId) ? [poisonRule] : [poisonRule, vaultRule]): {
    name: '${namePrefix}-${rule.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: 'OpenMetadata credentials: ${rule.name}'
      description: rule.summary
      severity: rule.severity
      enabled: true
      scopes: [workspaceId]
      evaluationFrequency: rule.every
      windowSize: rule.back
      criteria: {
        allOf: [
          {
            query: rule.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      autoMitigate: true
      skipQueryValidation: true
      actions: { actionGroups: [actionGroupId] }
    }
  }
]
