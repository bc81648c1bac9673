using '../main.bicep'

param environmentName = 'prod'
param location = 'westeurope'
param topology = 'restricted'
param allowedIpRanges = ['203.0.113.0/24']
param apiClientId = '11111111-1111-1111-1111-111111111111'
param openMetadataUrl = 'https://openmetadata.example.com'
param initialAdmins = 'ada,grace'
param alertEmails = ['data-platform@example.com']
