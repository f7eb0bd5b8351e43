#!/usr/bin/env bash
# Real clients at the emulated doors of AWS and SPIFFE: boto3 signs for STS and Cognito, the client of spiffe asks the Workload API.
# Needs python3; installs the clients by name into the folder that prepare.sh names.
source "$(dirname "$0")/prepare.sh"
here=$root/tests/acceptance
program
python_with sources boto3==1.44.5 spiffe==0.3.2
emulate

clients() { # clients CASE: what the real clients get, or how they are refused
  check "real clients: $1" timeout 120 "$cache/sources/bin/python" -W ignore "$here/sources_aws_spiffe.py" "$work/emulator.json" "$1"
  sed 's/^/       /' "$work/last"
}

clients right
change 'amazon: {federation: false, clock-ahead: 1200}'
clients clock
change 'amazon: {clock-ahead: 0}'
change 'spiffe: {ids: []}'
clients refused
