metadata name = 'openmetadata-entra events'
metadata description = 'Subscribes the functions to the events of the vault, after the code was deployed: the second layer of azd. Does nothing where events go through queues.'

targetScope = 'resourceGroup'

@description('Names the environment; as in the first layer.')
@minLength(2)
@maxLength(20)
param environmentName string

@description('How events reach the app: output EVENT_DELIVERY of the first layer.')
@allowed(['function', 'queue'])
param eventDelivery string

@description('Resource id of the vault: output KEY_VAULT_ID of the first layer.')
@minLength(60)
param vaultId string

@description('Name of the system topic of the vault: output EVENT_TOPIC_NAME of the first layer.')
@minLength(3)
@maxLength(50)
param topicName string

@description('Resource id of the function app: output AZURE_FUNCTION_APP_ID of the first layer.')
@minLength(60)
param functionAppId string

@description('Resource id of the storage account: output STORAGE_ACCOUNT_ID of the first layer.')
@minLength(60)
param storageId string

@description('Only events about secrets whose name begins so; as in the first layer.')
@maxLength(127)
param secretNamePrefix string = ''

module subscriptions '../modules/subscriptions.bicep' = if (eventDelivery == 'function') {
  scope: resourceGroup(split(vaultId, '/')[2], split(vaultId, '/')[4])
  params: {
    topicName: topicName
    // As in the first layer.
    namePrefix: '${environmentName}-${uniqueString(resourceGroup().id, environmentName)}'
    delivery: eventDelivery
    secretNamePrefix: secretNamePrefix
    functionAppId: functionAppId
    storageId: storageId
  }
}
