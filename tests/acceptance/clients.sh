#!/usr/bin/env bash
# Real clients against `fedcred emulate`: azure-identity and msal for Python and Node, and getIDToken of @actions/core.
# Needs python3 and node; installs the clients by name into the folder that prepare.sh names.
source "$(dirname "$0")/prepare.sh"
here=$root/tests/acceptance
program
python_with identity azure-identity==1.27.0 msal==1.39.0
npm_with npm @actions/core@3.0.1 @azure/identity@4.13.1 @azure/msal-node@7.2.1
emulate --tls --ca-file "$work/ca.pem"

clients() { # clients right|wrong: every client once, and what each must say
  check "python: $1" timeout 120 "$cache/identity/bin/python" -W ignore "$here/clients.py" "$1"
  sed 's/^/       /' "$work/last"
  check "node: $1" timeout 120 node "$here/clients.mjs" "$cache/npm" "$1"
  sed 's/^/       /' "$work/last"
}

clients right
change 'github: {job: {environment: staging}}'
clients wrong
