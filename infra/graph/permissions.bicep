metadata description = 'What the identity of the app may do in Entra. The same as `npm run permit` grants; for a Privileged Role Administrator who keeps it as Bicep.'

extension microsoftGraphV1

@description('Object id of the identity: output APP_IDENTITY_OBJECT_ID of infra/main.bicep.')
@minLength(36)
@maxLength(36)
param identityObjectId string

@description('Application permissions of Microsoft Graph. Only the first is needed. Who holds AppRoleAssignment.ReadWrite.All can make itself Global Administrator.')
param permissions (
  | 'Application.ReadWrite.OwnedBy'
  | 'DelegatedPermissionGrant.ReadWrite.All'
  | 'AppRoleAssignment.ReadWrite.All'
  | 'Application.Read.All'
  | 'Policy.Read.All')[] = ['Application.ReadWrite.OwnedBy']

resource graph 'Microsoft.Graph/servicePrincipals@v1.0' existing = {
  appId: '00000003-0000-0000-c000-000000000000'
}

resource grants 'Microsoft.Graph/appRoleAssignedTo@v1.0' = [
  for permission in permissions: {
    appRoleId: filter(graph.appRoles, role => role.value == permission)[0].id
    principalId: identityObjectId
    resourceId: graph.id
  }
]
