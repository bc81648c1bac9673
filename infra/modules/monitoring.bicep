metadata description = 'Log Analytics and Application Insights that take telemetry from Entra identities only.'

@description('Name of the Application Insights component.')
param componentName string

@description('Name of the workspace to make; not used where one exists.')
param workspaceName string

@description('Resource id of a workspace that exists; empty: one is made.')
param existingWorkspaceId string

@description('So many days the workspace keeps what is logged.')
@minValue(30)
@maxValue(730)
param retentionDays int

param location string
param tags object

@description('Object id of the identity that may write telemetry.')
param writerId string

@description('Its resource id: names what it is given.')
param writerResourceId string

var monitoringMetricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb'

resource workspace 'Microsoft.OperationalInsights/workspaces@2026-03-01' = if (empty(existingWorkspaceId)) {
  name: workspaceName
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: retentionDays
    features: { disableLocalAuth: true }
  }
}

resource component 'Microsoft.Insights/components@2020-02-02' = {
  name: componentName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: empty(existingWorkspaceId) ? workspace.id : existingWorkspaceId
    // No instrumentation key opens it: telemetry is written with the identity.
    DisableLocalAuth: true
  }
}

resource writer 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: component
  name: guid(component.id, writerResourceId, monitoringMetricsPublisher)
  properties: {
    description: 'The app writes its telemetry'
    principalId: writerId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', monitoringMetricsPublisher)
  }
}
