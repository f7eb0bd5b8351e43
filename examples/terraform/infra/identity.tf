variable "repository" {
  description = "The repository that may sign in."
  type        = string
}

locals {
  subjects = {
    production   = "environment:production"
    pull-request = "pull_request"
  }
}

resource "azuread_application" "deploy" {
  display_name = "deploy"
}

resource "azuread_application_federated_identity_credential" "deploy" {
  for_each       = local.subjects
  application_id = azuread_application.deploy.id
  display_name   = each.key
  issuer         = "https://token.actions.githubusercontent.com"
  subject        = "repo:${var.repository}:${each.value}"
  audiences      = ["api://AzureADTokenExchange"]
}
