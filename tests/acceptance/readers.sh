#!/usr/bin/env bash
# Holds the readers of Terraform and Bicep against the Go library for HCL (@cdktf/hcl2json) and pycep: on our own files,
# and on the cases and samples where they are at hand (FEDCRED_CASES, FEDCRED_SAMPLES, default ../shared). Installs both into the
# kept folder.
# shellcheck source=tests/acceptance/prepare.sh
source "$(dirname "${BASH_SOURCE[0]}")/prepare.sh"

program
npm_with hcl2json @cdktf/hcl2json@0.21.0
python_with pycep pycep-parser==0.7.0
cases=${FEDCRED_CASES:-$root/../shared/cases}
samples=${FEDCRED_SAMPLES:-$root/../shared/oracles/samples}

for folder in "$root/tests/acceptance/definitions" "$samples/iac" "$cases"/repos/*/repo; do
  [ -d "$folder" ] || continue
  [ -n "$(find "$folder" -name '*.tf' -o -name '*.bicep' | head -1)" ] || continue
  compared=$("$cache/pycep/bin/python" "$root/tests/acceptance/readers.py" "$fedcred" "$folder" "$cache/hcl2json") ||
    { echo "$folder differs" >&2; exit 1; }
  checks=$((checks + compared))
done
