metadata description = 'The function app on Flex Consumption, with built-in authentication in front of it.'

param name string
param planName string
param location string
param tags object

@description('User-assigned identity that the app is.')
param identityId string

@description('Its client id.')
param identityClientId string

@description('Further user-assigned identities, as which the app signs in to OpenMetadata.')
param furtherIdentityIds string[]

param storageName string
param packageContainer string
param componentName string

@description('What the app is told, by the names of its settings (shared/settings).')
param settings object

@allowed([512, 2048, 4096])
param instanceMemoryMB int

@minValue(40)
@maxValue(1000)
param maximumInstanceCount int

@description('Subnet that calls leave by; empty: the internet.')
param subnetId string

@description('Whether it can be reached from the internet.')
param publicAccess bool

@description('Address ranges that may call; the rest is refused where restricted.')
param allowedIpRanges string[]

@description('Whether only allowedIpRanges may call.')
param restricted bool

@description('Whether Event Grid calls the functions, so that its webhook must be reachable without a token of a person or pipeline.')
param takesEvents bool

@description('Client id of the registration that callers ask tokens for; empty: function keys guard the app.')
param apiClientId string

@description('Client ids of the applications that may call; empty: any with a role.')
param allowedClientIds string[]

@description('Whether people sign in with a browser, to see the page.')
param signInPeople bool

@description('Where the released package is; empty: it is published by azd or func.')
param packageUri string

var ranges = map(range(0, length(allowedIpRanges)), index => {
  name: 'allowed-${index}'
  action: 'Allow'
  priority: 100 + index
  ipAddress: allowedIpRanges[index]
})
var eventGrid = { name: 'event-grid', action: 'Allow', priority: 90, tag: 'ServiceTag', ipAddress: 'AzureEventGrid' }

resource account 'Microsoft.Storage/storageAccounts@2026-04-01' existing = {
  name: storageName
}

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource site 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  // azd finds the app of the service "api" by this tag.
  tags: union(tags, { 'azd-service-name': 'api' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: toObject(union([identityId], furtherIdentityIds), id => id, id => {})
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    keyVaultReferenceIdentity: identityId
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      http20Enabled: true
      ftpsState: 'Disabled'
      remoteDebuggingEnabled: false
      ipSecurityRestrictionsDefaultAction: restricted ? 'Deny' : 'Allow'
      ipSecurityRestrictions: restricted ? concat(ranges, takesEvents ? [eventGrid] : []) : []
      scmIpSecurityRestrictionsDefaultAction: restricted ? 'Deny' : 'Allow'
      scmIpSecurityRestrictions: restricted ? ranges : []
    }
    functionAppConfig: {
      runtime: { name: 'node', version: '24' }
      scaleAndConcurrency: { instanceMemoryMB: instanceMemoryMB, maximumInstanceCount: maximumInstanceCount }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${account.properties.primaryEndpoints.blob}${packageContainer}'
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identityId }
        }
      }
    }
  }

  resource appSettings 'config' = {
    name: 'appsettings'
    properties: union(settings, {
      AZURE_CLIENT_ID: identityClientId
      AzureWebJobsStorage__credential: 'managedidentity'
      AzureWebJobsStorage__clientId: identityClientId
      AzureWebJobsStorage__blobServiceUri: account.properties.primaryEndpoints.blob
      AzureWebJobsStorage__queueServiceUri: account.properties.primaryEndpoints.queue
      APPLICATIONINSIGHTS_CONNECTION_STRING: component.properties.ConnectionString
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
    })
  }

  resource ftp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource scm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }

  resource authentication 'config' = if (!empty(apiClientId)) {
    name: 'authsettingsV2'
    properties: {
      platform: { enabled: true }
      globalValidation: {
        // Where people sign in, the app answers those who have not with a page that says how, and verifies every token itself.
        requireAuthentication: !signInPeople
        unauthenticatedClientAction: signInPeople ? 'AllowAnonymous' : 'Return401'
        // Event Grid shows a key of the host there, not a token.
        excludedPaths: takesEvents ? ['/runtime/webhooks/EventGrid'] : []
      }
      httpSettings: { requireHttps: true }
      // The app gets the id token of who is signed in from there.
      login: { tokenStore: { enabled: signInPeople } }
      identityProviders: {
        azureActiveDirectory: {
          enabled: true
          registration: {
            clientId: apiClientId
            openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
          }
          validation: {
            allowedAudiences: [apiClientId, 'api://${apiClientId}']
            defaultAuthorizationPolicy: empty(allowedClientIds)
              ? null
              : { allowedApplications: signInPeople ? concat(allowedClientIds, [apiClientId]) : allowedClientIds }
          }
        }
      }
    }
  }

  // Published templates use this version; newer ones list it without properties too.
  #disable-next-line use-recent-api-versions
  resource package 'extensions@2022-09-01' = if (!empty(packageUri)) {
    name: 'onedeploy'
    // Microsoft's types list no properties here: Learn, "Automate resource deployment for your function app".
    #disable-next-line BCP187
    properties: { packageUri: packageUri, remoteBuild: false }
    dependsOn: [appSettings]
  }
}

output host string = site.properties.defaultHostName
