# Read by tests/acceptance/readers.sh: every form of credential that Terraform has.
variable "environments" {
  default = ["dev", "prod"]
}

resource "azuread_application" "app" {
  display_name = "app"
}

resource "azuread_application_federated_identity_credential" "branch" {
  application_id = azuread_application.app.id
  display_name   = "branch"
  issuer         = "https://token.actions.githubusercontent.com"
  subject        = "repo:octo/app:ref:refs/heads/main"
  audiences      = ["api://AzureADTokenExchange"]
}

resource "azuread_application_flexible_federated_identity_credential" "any" {
  application_id             = azuread_application.app.id
  display_name               = "any"
  issuer                     = "https://token.actions.githubusercontent.com"
  audience                   = "api://AzureADTokenExchange"
  claims_matching_expression = "claims['sub'] matches 'repo:octo/app:ref:refs/heads/*' and claims['repository_id'] eq '1'"
}

resource "azurerm_user_assigned_identity" "id" {
  name                = "id"
  location            = "westeurope"
  resource_group_name = "rg"
}

resource "azurerm_federated_identity_credential" "environment" {
  for_each  = toset(var.environments)
  name      = "environment-${each.key}"
  parent_id = azurerm_user_assigned_identity.id.id
  issuer    = "https://token.actions.githubusercontent.com"
  subject   = format("repo:octo/app:environment:%s", each.key)
  audience  = ["api://AzureADTokenExchange"]
}
