metadata description = 'A workbook: the life of each credential, failures, how often the app is called.'

param location string
param tags object

@description('Resource id of the Application Insights component.')
param componentId string

var lines = loadTextContent('../queries/lines.kql')

var parts = [
  {
    title: 'Last steps of each credential'
    show: 'table'
    query: '${lines}${loadTextContent('../queries/credential-life.kql')}'
  }
  {
    title: 'Failures by code'
    show: 'barchart'
    query: '${lines}${loadTextContent('../queries/failures-over-time.kql')}'
  }
  { title: 'Calls and runs by function', show: 'timechart', query: loadTextContent('../queries/requests.kql') }
  { title: 'Duration of steps, ms', show: 'table', query: '${lines}${loadTextContent('../queries/durations.kql')}' }
  { title: 'Step by step', show: 'table', query: '${lines}${loadTextContent('../queries/credential-steps.kql')}' }
]

var content = {
  version: 'Notebook/1.0'
  items: concat(
    [
      {
        type: 9
        name: 'time'
        content: {
          version: 'KqlParameterItem/1.0'
          parameters: [
            {
              id: guid(componentId, 'time')
              version: 'KqlParameterItem/1.0'
              name: 'TimeRange'
              label: 'Time'
              type: 4
              isRequired: true
              value: { durationMs: 604800000 }
              typeSettings: {
                selectableValues: [{ durationMs: 86400000 }, { durationMs: 604800000 }, { durationMs: 2592000000 }]
                allowCustom: true
              }
            }
          ]
        }
      }
    ],
    map(parts, part => {
      type: 3
      name: part.title
      content: {
        version: 'KqlItem/1.0'
        title: part.title
        query: part.query
        queryType: 0
        resourceType: 'microsoft.insights/components'
        timeContextFromParameter: 'TimeRange'
        visualization: part.show
        size: 0
      }
    })
  )
  fallbackResourceIds: [componentId]
}

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  // A workbook is named by a GUID; this one is the same in every deployment.
  name: guid(componentId, 'credentials')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    category: 'workbook'
    displayName: 'OpenMetadata credentials'
    sourceId: componentId
    serializedData: string(content)
  }
}
