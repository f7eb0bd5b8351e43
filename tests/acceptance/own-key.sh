#!/usr/bin/env bash
# Own certificates before foreign judges: npm oidc-provider accepts our assertions and refuses what it must, jose and PyJWT verify
# signature and thumbprint, and azure-identity signs in to the emulator with the same files as we do.
# Needs python3, node and openssl; installs the rest by name into the folder that prepare.sh names.
source "$(dirname "$0")/prepare.sh"
here=$root/tests/acceptance
program
python_with own-key-python azure-identity==1.27.0 pyjwt==2.10.1 cryptography==46.0.3
npm_with own-key-npm jose@6 oidc-provider@9.13.3

# Fresh keys: a file as Azure SDKs take it, the same with a password, and as PKCS#12.
cd "$work"
export PASSWORD=public-test
openssl req -x509 -newkey rsa:2048 -nodes -days 60 -subj "/CN=fedcred acceptance" -keyout key.pem -out certificate.pem 2> /dev/null
cat key.pem certificate.pem > identity.pem
{ openssl pkcs8 -topk8 -in key.pem -passout env:PASSWORD; cat certificate.pem; } > sealed.pem
openssl pkcs12 -export -inkey key.pem -in certificate.pem -passout env:PASSWORD -out identity.p12
openssl pkcs12 -export -legacy -inkey key.pem -in certificate.pem -passout env:PASSWORD -out legacy.p12
printf '%s\n' "$PASSWORD" > password.txt

check "oidc-provider and jose" timeout 120 node --no-warnings "$here/own-key.mjs" "$cache/own-key-npm" "$fedcred" "$work"
grep '^ok' "$work/last" | sed 's/^/       /'

emulate --tls --ca-file "$work/ca.pem"
registered=$(python3 -c 'import json, sys; print(json.dumps(open("certificate.pem").read()))')
change "applications: [{client-id: '$AZURE_CLIENT_ID', object-id: '44444444-4444-4444-8444-444444444444', name: octo-app, certificates: [$registered]}]"
check "azure-identity and PyJWT" timeout 120 "$cache/own-key-python/bin/python" -W ignore "$here/own-key.py"
sed 's/^/       /' "$work/last"

unset ACTIONS_ID_TOKEN_REQUEST_URL ACTIONS_ID_TOKEN_REQUEST_TOKEN GITHUB_ACTIONS
cloud=(--cloud "$url")
for file in identity.pem sealed.pem identity.p12 legacy.p12; do
  check "fedcred token: $file" "$fedcred" token "${cloud[@]}" --certificate "$file" --certificate-password-file password.txt
done
check "password on standard input" bash -c '"$0" token --cloud "$1" --certificate sealed.pem --certificate-password-file - < password.txt' "$fedcred" "$url"
check "the variables of the Azure SDKs" env AZURE_CLIENT_CERTIFICATE_PATH=sealed.pem AZURE_CLIENT_CERTIFICATE_PASSWORD="$PASSWORD" "$fedcred" token "${cloud[@]}"
change "applications: [{client-id: '$AZURE_CLIENT_ID', object-id: '44444444-4444-4444-8444-444444444444', name: octo-app}]"
! "$fedcred" token "${cloud[@]}" --certificate identity.pem > out 2> err
thumbprint=$(openssl x509 -in certificate.pem -noout -fingerprint -sha1 | cut -d= -f2 | tr -d :)
check "an unregistered certificate is named" says err "$thumbprint"
check "and its code" says err AADSTS700027
check "no key on standard error" silent err "PRIVATE KEY"
