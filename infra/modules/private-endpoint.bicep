metadata description = 'One private endpoint, entered into the zone of its kind.'

param name string
param location string
param tags object
param subnetId string
param targetId string

@description('What of the target: blob, queue, vault or sites.')
@allowed(['blob', 'queue', 'vault', 'sites'])
param groupId string

param zoneId string

resource endpoint 'Microsoft.Network/privateEndpoints@2025-09-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    subnet: { id: subnetId }
    customNetworkInterfaceName: 'nic-${name}'
    privateLinkServiceConnections: [
      { name: groupId, properties: { privateLinkServiceId: targetId, groupIds: [groupId] } }
    ]
  }

  resource zone 'privateDnsZoneGroups' = {
    name: 'default'
    properties: { privateDnsZoneConfigs: [{ name: groupId, properties: { privateDnsZoneId: zoneId } }] }
  }
}
