param location string = resourceGroup().location
param repository string

var environments = ['dev', 'prod']

resource deploy 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'deploy'
  location: location
}

@batchSize(1)
resource trust 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials@2024-11-30' = [for environment in environments: {
  parent: deploy
  name: 'environment-${environment}'
  properties: {
    issuer: 'https://token.actions.githubusercontent.com'
    subject: 'repo:${repository}:environment:${environment}'
    audiences: ['api://AzureADTokenExchange']
  }
}]
