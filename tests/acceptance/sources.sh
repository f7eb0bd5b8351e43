#!/usr/bin/env bash
# Real clients of other platforms against the doors of `fedcred emulate`: google-auth, and azure-identity's credentials for
# Azure Pipelines and managed identities. Needs python3; installs the clients by name into the folder that prepare.sh names.
source "$(dirname "$0")/prepare.sh"
here=$root/tests/acceptance
program
python_with sources azure-identity==1.27.0 google-auth==2.62.2 requests

# The metadata server of Google speaks no TLS.
emulate
check "google-auth fetch_id_token" timeout 60 "$cache/sources/bin/python" -W ignore "$here/sources.py" google
kill "$emulator_pid"
rm "$work/emulator.json"

emulate --tls --ca-file "$work/ca.pem"
change 'applications: [{client-id: 33333333-3333-4333-8333-333333333333, object-id: o, name: a, credentials: [{name: pipeline, issuer: "https://login.microsoftonline.com/11111111-1111-4111-8111-111111111111/v2.0", subject: "/eid1/c/pub/t/EREREREREUGBEREREREREQ/a/rISbSSETf0KqFyZ8ppdXmA/sc/16b3c013-d300-468d-ac64-7eda0820b6d3/5b404cf4-a79d-4cfe-b866-24bf8e1a4921"}]}]'
check "azure-identity AzurePipelinesCredential" timeout 60 "$cache/sources/bin/python" -W ignore "$here/sources.py" pipelines
check "azure-identity ManagedIdentityCredential" timeout 60 "$cache/sources/bin/python" -W ignore "$here/sources.py" machine
