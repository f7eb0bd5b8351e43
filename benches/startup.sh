#!/usr/bin/env bash
# startup.sh BEFORE AFTER: instructions that two binaries need for `--version` and for a GitHub login against the same loopback TLS
# server, counted by callgrind; the fewest of three runs each. Exit code 1 where AFTER needs over 5 % more.
# Needs valgrind, node and openssl.
set -euo pipefail
before=$(realpath "$1") after=$(realpath "$2")
. "$(dirname "$0")/login-server.sh"

count() { # count BINARY WORD...: the fewest instructions of three runs
  for _ in 1 2 3; do
    (cd "$work" && env -i PATH="$PATH" SSL_CERT_FILE="$work/cert.pem" AZURE_AUTHORITY_HOST="$base" \
      ACTIONS_ID_TOKEN_REQUEST_URL="$base/token?v=2" ACTIONS_ID_TOKEN_REQUEST_TOKEN=request-token \
      valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" >"$work/out" 2>"$work/err") ||
      { cat "$work/out" "$work/err" >&2; exit 2; }
    sed -n 's/.*Collected : \([0-9]*\).*/\1/p' "$work/err"
  done | sort -n | head -1
}

worse=0
compare() { # compare NAME WORD...
  local name=$1 one two
  shift
  one=$(count "$before" "$@") two=$(count "$after" "$@")
  printf '%-10s %12d -> %12d instructions, %+.2f %%\n' "$name" "$one" "$two" "$(bc -l <<<"($two - $one) * 100 / $one")"
  [ $((two * 100)) -le $((one * 105)) ] || worse=1
}
compare --version --version
compare login login --quiet --client-id 11111111-2222-3333-4444-555555555555 --tenant-id contoso.test
exit $worse
