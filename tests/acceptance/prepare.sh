# Sourced by the acceptance scripts: the folder that is kept between runs, the program under test, a running emulator.
# FEDCRED_CACHE names the folder (default target/acceptance), FEDCRED the program (default: built here).
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cache=${FEDCRED_CACHE:-$root/target/acceptance}
mkdir -p "$cache"
cache=$(cd "$cache" && pwd)
work=$(mktemp -d)
emulator_pid=
checks=0

finish() {
  code=$?
  [ -z "$emulator_pid" ] || kill "$emulator_pid" 2>/dev/null || true
  if [ $code -eq 0 ]; then
    rm -rf "$work"
    echo "$(basename "$0"): $checks checks, all green"
  else
    echo "$(basename "$0"): failed; its files are in $work" >&2
  fi
  exit $code
}
trap finish EXIT

# program: the program under test is in $fedcred.
program() {
  fedcred=${FEDCRED:-}
  if [ -z "$fedcred" ]; then
    cargo build --locked --quiet --manifest-path "$root/Cargo.toml"
    fedcred=${CARGO_TARGET_DIR:-$root/target}/debug/fedcred
  fi
}

# python_with NAME PACKAGE...: a virtual environment with exactly these packages in $cache/NAME.
python_with() {
  local name=$1 folder=$cache/$1
  shift
  [ "$(cat "$folder/installed" 2>/dev/null)" = "$*" ] && return
  rm -rf "$folder"
  python3 -m venv "$folder"
  "$folder/bin/pip" install --quiet --disable-pip-version-check "$@"
  echo "$*" > "$folder/installed"
}

# npm_with NAME PACKAGE...: the packages in $cache/NAME/node_modules.
npm_with() {
  local name=$1 folder=$cache/$1
  shift
  [ "$(cat "$folder/installed" 2>/dev/null)" = "$*" ] && return
  rm -rf "$folder"
  mkdir -p "$folder"
  echo '{"private":true}' > "$folder/package.json"
  npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$folder" "$@"
  echo "$*" > "$folder/installed"
}

# emulate [OPTION...]: starts the emulator; its first line is in $work/emulator.json, its variables are exported.
emulate() {
  "$fedcred" emulate --quiet "$@" > "$work/emulator.json" 2> "$work/emulator.err" &
  emulator_pid=$!
  for _ in $(seq 100); do
    [ -s "$work/emulator.json" ] && break
    kill -0 "$emulator_pid" || { cat "$work/emulator.err" >&2; exit 1; }
    sleep 0.1
  done
  url=$(first_line url)
  eval "$(python3 -c '
import json, shlex, sys
for name, value in json.load(open(sys.argv[1]))["env"].items():
    print(f"export {name}={shlex.quote(value)}")' "$work/emulator.json")"
}

# first_line KEY: a value of the emulator's first line.
first_line() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]] or "")' "$work/emulator.json" "$1"; }

# change YAML: puts keys over the emulator's state.
change() { curl --silent --show-error --fail --max-time 10 --cacert "${SSL_CERT_FILE:-/dev/null}" -X PATCH --data-binary "$1" "$url/_emulator/state"; }

# check WHAT COMMAND...: counts a check and ends the run when the command fails.
check() {
  local what=$1
  shift
  if "$@" > "$work/last" 2>&1; then
    checks=$((checks + 1))
    echo "ok   $what"
  else
    echo "FAIL $what" >&2
    cat "$work/last" >&2
    exit 1
  fi
}

# says FILE TEXT / silent FILE TEXT: the file holds, or does not hold, the text.
says() { grep -qF -e "$2" "$1" || { echo "missing: $2"; cat "$1"; return 1; }; }
silent() { ! grep -F -e "$2" "$1"; }
