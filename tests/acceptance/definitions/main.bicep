// Read by tests/acceptance/readers.sh: a nested child, a loop, an order of writes.
param environments array = ['dev', 'prod']

resource id 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id'
  location: 'westeurope'
  resource branch 'federatedIdentityCredentials' = {
    name: 'branch'
    properties: {
      issuer: 'https://token.actions.githubusercontent.com'
      subject: 'repo:octo/app:ref:refs/heads/main'
      audiences: ['api://AzureADTokenExchange']
    }
  }
}

@batchSize(1)
resource environment 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials@2023-01-31' = [for name in environments: {
  parent: id
  name: 'environment-${name}'
  properties: {
    issuer: 'https://token.actions.githubusercontent.com'
    subject: 'repo:octo/app:environment:${name}'
    audiences: ['api://AzureADTokenExchange']
  }
}]
