metadata description = 'Lets the app refresh and restart the App Service that OpenMetadata runs on.'

param siteName string

@description('Object id of the identity of the app.')
param appIdentityId string

@description('Its resource id: names what it is given.')
param appIdentityResourceId string

var websiteContributor = 'de139f84-1756-47ae-9be6-808fbbe84772'

resource site 'Microsoft.Web/sites@2025-03-01' existing = {
  name: siteName
}

resource refreshes 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: site
  name: guid(site.id, appIdentityResourceId, websiteContributor)
  properties: {
    description: 'The app refreshes the Key Vault references of OpenMetadata and restarts it'
    principalId: appIdentityId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', websiteContributor)
  }
}
