#!/usr/bin/env bash
# Usage: trust.sh OWNER/REPOSITORY APPLICATION-ID
set -euo pipefail
repository=$1
application=$2
for branch in main; do
  az ad app federated-credential create --id "$application" --parameters "{
    \"name\": \"branch-$branch\",
    \"issuer\": \"https://token.actions.githubusercontent.com\",
    \"subject\": \"repo:$repository:ref:refs/heads/$branch\",
    \"audiences\": [\"api://AzureADTokenExchange\"]
  }"
done
