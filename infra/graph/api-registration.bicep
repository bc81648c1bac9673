metadata description = 'The registration that callers of the app ask tokens for, and who may call. The same as `npm run permit` makes; for those who keep it as Bicep.'

extension microsoftGraphV1

@description('Name of the registration.')
@minLength(1)
@maxLength(120)
param name string = 'openmetadata-entra-api'

@description('Object ids of identities (pipelines) and people that may call everything.')
@maxLength(50)
param runners string[] = []

@description('Object ids of identities and people that may only ask.')
@maxLength(50)
param readers string[] = []

var runRole = guid(name, 'Automation.Run')
var readRole = guid(name, 'Automation.Read')
var scope = guid(name, 'user_impersonation')
var api = {
  requestedAccessTokenVersion: 2
  oauth2PermissionScopes: [
    {
      id: scope
      value: 'user_impersonation'
      type: 'Admin'
      isEnabled: true
      adminConsentDisplayName: 'Call as a person'
      adminConsentDescription: 'Lets a client call the app on behalf of a person, who needs a role too.'
    }
  ]
}

resource registration 'Microsoft.Graph/applications@v1.0' = {
  uniqueName: name
  displayName: name
  signInAudience: 'AzureADMyOrg'
  api: api
  appRoles: [
    {
      id: runRole
      value: 'Automation.Run'
      displayName: 'Run'
      description: 'Provision, consent, rotate, harden, and ask'
      allowedMemberTypes: ['Application', 'User']
      isEnabled: true
    }
    {
      id: readRole
      value: 'Automation.Read'
      displayName: 'Read'
      description: 'Ask for status and configuration'
      allowedMemberTypes: ['Application', 'User']
      isEnabled: true
    }
  ]
}

module onceThere 'once-there.bicep' = {
  params: { name: name, clientId: registration.appId, api: api, scope: scope }
}

resource principal 'Microsoft.Graph/servicePrincipals@v1.0' = {
  appId: registration.appId
  // Entra gives tokens to those only who were assigned a role.
  appRoleAssignmentRequired: true
}

resource run 'Microsoft.Graph/appRoleAssignedTo@v1.0' = [
  for runner in runners: { appRoleId: runRole, principalId: runner, resourceId: principal.id }
]

resource read 'Microsoft.Graph/appRoleAssignedTo@v1.0' = [
  for reader in readers: { appRoleId: readRole, principalId: reader, resourceId: principal.id }
]

@description('Parameter apiClientId of infra/main.bicep.')
output API_AUDIENCE string = registration.appId
