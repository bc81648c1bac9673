metadata description = 'What Graph takes only once the registration is there: the App ID URI, which holds its client id, and the client that is pre-authorized for its scope.'

extension microsoftGraphV1

param name string
param clientId string

@description('The property `api` as the registration has it: sent again, whether Graph merges it or replaces it.')
param api object

@description('Id of the scope of `api`.')
param scope string

// Microsoft's own client id of the Azure CLI.
var azureCli = '04b07795-8ddb-461a-bbee-02f9e1bf7b46'

resource registration 'Microsoft.Graph/applications@v1.0' = {
  uniqueName: name
  displayName: name
  identifierUris: ['api://${clientId}']
  // An update that makes a scope and pre-authorizes a client for it is refused (microsoft-graph-docs#20177).
  api: {
    requestedAccessTokenVersion: api.requestedAccessTokenVersion
    oauth2PermissionScopes: api.oauth2PermissionScopes
    preAuthorizedApplications: [{ appId: azureCli, delegatedPermissionIds: [scope] }]
  }
}
