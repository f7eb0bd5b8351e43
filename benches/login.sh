#!/usr/bin/env bash
# login.sh BINARY [RUNS]: whole-process `fedcred login` against a loopback TLS server, two requests, beside curl doing the
# same two in one process. Prints the median wall time and the peak resident memory of each. Needs node, openssl, curl and GNU time.
set -euo pipefail
binary=$1 runs=${2:-200}
. "$(dirname "$0")/login-server.sh"
# Both read the roots of a usual machine, and ours.
cat /etc/ssl/certs/ca-certificates.crt "$work/cert.pem" >"$work/roots.pem"

fedcred() {
  env -i PATH="$PATH" SSL_CERT_FILE="$work/roots.pem" AZURE_AUTHORITY_HOST="$base" \
    ACTIONS_ID_TOKEN_REQUEST_URL="$base/token?v=2" ACTIONS_ID_TOKEN_REQUEST_TOKEN=request-token \
    "$@" "$binary" login --quiet --client-id 11111111-2222-3333-4444-555555555555 --tenant-id contoso.test
}
with_curl() {
  env -i PATH="$PATH" "$@" curl -sS --cacert "$work/roots.pem" -o "$work/one" -H 'Authorization: bearer request-token' \
    "$base/token?v=2&audience=api%3A%2F%2FAzureADTokenExchange" \
    --next -sS --cacert "$work/roots.pem" -o "$work/two" -d grant_type=client_credentials "$base/contoso.test/oauth2/v2.0/token"
}

# The median of all runs and the best one, in microseconds.
times() {
  for _ in $(seq "$runs"); do
    local begun=${EPOCHREALTIME/./}
    "$1"
    echo $((${EPOCHREALTIME/./} - begun))
  done | sort -n | sed -n "1p;$((runs / 2 + 1))p" | tr '\n' ' ' 
}
peak() { "$1" /usr/bin/time -a -o "$work/peak-$1" -f %M; tail -1 "$work/peak-$1"; }

for one in fedcred with_curl; do
  "$one" >"$work/first" || { cat "$work/first"; exit 1; }
  read -r best median <<<"$(times "$one")"
  printf '%-10s median %6.1f ms, best %6.1f ms of %s runs, peak %s KiB\n' "$one" "${median}e-3" "${best}e-3" "$runs" "$(peak "$one")"
done
