metadata description = 'Gives a registration the App ID URI that holds its client id.'

extension microsoftGraphV1

param name string
param clientId string

resource registration 'Microsoft.Graph/applications@v1.0' = {
  uniqueName: name
  displayName: name
  identifierUris: ['api://${clientId}']
}
