#!/usr/bin/env bash
# The real Azure CLI against `fedcred emulate`: sign-in, refusals, and every command about federated credentials.
# Not part of .ci/run: the first run installs 730 MB and takes two minutes; later ones take about 20 seconds.
source "$(dirname "$0")/prepare.sh"
program
python_with az azure-cli==2.91.0
export PATH="$cache/az/bin:$PATH"
emulate --tls --ca-file "$work/ca.pem"
export AZURE_CONFIG_DIR=$work/az AZURE_CORE_COLLECT_TELEMETRY=no AZURE_CORE_SURVEY_MESSAGE=no AZURE_CORE_NO_COLOR=yes
export AZURE_CORE_LOGIN_EXPERIENCE_V2=off AZURE_EXTENSION_USE_DYNAMIC_INSTALL=no
tenant=$AZURE_TENANT_ID app=$AZURE_CLIENT_ID
issuer=https://token.actions.githubusercontent.com audience=api://AzureADTokenExchange

run() { timeout 60 az "$@"; }
login() { run login --service-principal -u "${2:-$app}" -t "$tenant" --federated-token "$1" --allow-no-subscriptions; }
# prints TEXT COMMAND: az succeeds and prints TEXT. refuses TEXT COMMAND: it fails and prints TEXT.
prints() { local text=$1; shift; "$@" > "$work/out" 2>&1 || { cat "$work/out"; return 1; }; says "$work/out" "$text"; }
refuses() { local text=$1; shift; ! "$@" > "$work/out" 2>&1 || { cat "$work/out"; return 1; }; says "$work/out" "$text"; }
token() {
  curl --silent --show-error --fail --max-time 10 --cacert "$SSL_CERT_FILE" -H "Authorization: Bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN" \
    "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=${1:-$audience}" | python3 -c 'import json, sys; print(json.load(sys.stdin)["value"])'
}

check "cloud register reads /metadata/endpoints" run cloud register -n Emulated --endpoint-resource-manager "$url" --endpoint-microsoft-graph-resource-id "$url"
check "cloud set" run cloud set -n Emulated

change 'github: {job: {environment: staging}}'
check "a wrong subject is refused by name" refuses "subject 'repo:octo/app:environment:staging'" login "$(token)"
change 'github: {job: {environment: null}}'
check "a wrong audience is refused" refuses "AADSTS700212" login "$(token api://wrong)"
check "a wrong client is refused" refuses "AADSTS700016" login "$(token)" 99999999-9999-4999-8999-999999999999
check "sign in" prints "$app" login "$(token)"
check "account show" prints "22222222-2222-4222-8222-222222222222" run account show
check "account get-access-token" prints accessToken run account get-access-token

fic() { run ad app federated-credential "$@" --id "$app"; }
printf '{"name":"pr","issuer":"%s","subject":"repo:octo/app:pull_request","audiences":["%s"],"description":"made by az"}' "$issuer" "$audience" > "$work/fic.json"
check "application: list" prints "repo:octo/app:ref:refs/heads/main" fic list
check "application: show" prints '"name": "main"' fic show --federated-credential-id main
check "application: create" prints '"description": "made by az"' fic create --parameters "@$work/fic.json"
check "application: a name that is taken" refuses "already exists" fic create --parameters "@$work/fic.json"
check "application: update" fic update --federated-credential-id pr --parameters "@$work/fic.json"
fic list > "$work/app.json"
check "fedcred reads what az prints" prints "repo:octo/app:pull_request" "$fedcred" credentials list "$work/app.json"
check "application: delete" fic delete --federated-credential-id pr

mi() { local what=$1; shift; run identity federated-credential "$what" --identity-name octo-identity --resource-group deploy "$@"; }
check "identity: show" prints octo-identity run identity show --name octo-identity --resource-group deploy
check "identity: list" prints "repo:octo/app:environment:production" mi list
check "identity: show a credential" prints '"name": "production"' mi show --name production
check "identity: create" prints "repo:octo/app:pull_request" mi create --name made --issuer "$issuer" --subject repo:octo/app:pull_request --audiences "$audience"
check "identity: the same trust twice" refuses "same issuer and subject" mi create --name again --issuer "$issuer" --subject repo:octo/app:pull_request --audiences "$audience"
mi list > "$work/identity.json"
check "fedcred reads what az prints for an identity" prints "repo:octo/app:pull_request" "$fedcred" credentials list "$work/identity.json"
check "identity: delete" mi delete --name made --yes
check "az rest reads beta" prints '"value"' run rest --method get --url "$url/beta/applications(appId='$app')/federatedIdentityCredentials" --resource "$url"
check "logout" run logout
