# Sourced by login.sh and startup.sh: a loopback TLS server that answers as GitHub and as Entra, at $base, with $work/cert.pem as its root.
# It ends with the script. Needs node and openssl.
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT

openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 \
  -addext basicConstraints=critical,CA:FALSE -keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null
node "$here/login-server.mjs" "$work/key.pem" "$work/cert.pem" >"$work/port" &
server=$!
until [ -s "$work/port" ]; do sleep 0.1; done
base=https://127.0.0.1:$(cat "$work/port")
