metadata description = 'Who is told when something needs a person.'

param name string
param emails string[]
param tags object

resource group 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: name
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'omentra'
    emailReceivers: map(range(0, length(emails)), index => {
      name: 'email-${index}'
      emailAddress: emails[index]
      useCommonAlertSchema: true
    })
  }
}
