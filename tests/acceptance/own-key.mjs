// own-key.mjs NPM FEDCRED FOLDER: a certified provider as Entra's token endpoint. It accepts what fedcred signs, and refuses an
// assertion that comes twice, is for another endpoint, has ended, or speaks for another client. jose verifies the signature itself.
import { execFile } from "node:child_process";
import crypto from "node:crypto";
import fs from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

const [npm, fedcred, folder] = process.argv.slice(2);
const load = (file) => import(pathToFileURL(path.join(npm, "node_modules", file)).href);
const { default: Provider } = await load("oidc-provider/lib/index.js");
const jose = await load("jose/dist/webapi/index.js");

const client = "11111111-2222-4333-8444-555555555555";
const other = "99999999-2222-4333-8444-555555555555";
const tenant = "22222222-2222-4222-8222-222222222222";
const certificate = new crypto.X509Certificate(fs.readFileSync(path.join(folder, "certificate.pem")));
const jwk = { ...certificate.publicKey.export({ format: "jwk" }), use: "sig", alg: "PS256", kid: "certificate" };

// The port must be known before the provider is made.
let caught = null; // where the next assertion goes instead of to the provider
const server = createServer(async (request, response) => {
  if (!caught) return handle(request, response);
  let body = "";
  for await (const piece of request) body += piece;
  caught(new URLSearchParams(body).get("client_assertion"));
  caught = null;
  response.writeHead(401, { "content-type": "application/json" }).end('{"error":"invalid_client"}');
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const issuer = `http://127.0.0.1:${server.address().port}`;
const resource = { scope: "x", accessTokenFormat: "jwt", audience: "https://arm.example", jwt: { sign: { alg: "RS256" } } };
const application = (client_id) => ({
  client_id,
  token_endpoint_auth_method: "private_key_jwt",
  token_endpoint_auth_signing_alg: "PS256",
  grant_types: ["client_credentials"],
  redirect_uris: [],
  response_types: [],
  jwks: { keys: [jwk] },
});
const provider = new Provider(issuer, {
  clients: [application(client), application(other)],
  routes: { token: `/${tenant}/oauth2/v2.0/token` },
  scopes: ["x"],
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    resourceIndicators: { enabled: true, defaultResource: () => "https://arm.example", getResourceServerInfo: () => resource },
  },
});
const handle = provider.callback();
let why = ""; // the reason that the provider keeps from clients
provider.on("grant.error", (_, error) => (why = error.error_detail ?? error.error_description));

let failed = false;
function expect(what, good, shown) {
  console.log(good ? "ok  " : "FAIL", what, good ? "" : shown);
  failed ||= !good;
}

const run = promisify(execFile);
async function ours(clientId = client, tenantId = tenant, more = []) {
  const words = ["token", "--certificate", path.join(folder, "sealed.pem"), "--certificate-password-file", path.join(folder, "password.txt")];
  words.push("--client-id", clientId, "--tenant-id", tenantId, ...more);
  const env = { PATH: process.env.PATH, AZURE_AUTHORITY_HOST: issuer };
  return (await run(fedcred, words, { env })).stdout.trim();
}
// What fedcred would send, taken off the wire before anybody has seen it.
async function sign(clientId, tenantId, more = []) {
  const assertion = new Promise((take) => (caught = take));
  await ours(clientId, tenantId, ["--scopes", "x", "--timeout", "1", ...more]).catch(() => {});
  return assertion;
}

async function present(assertion) {
  const form = {
    grant_type: "client_credentials",
    scope: "x",
    client_id: client,
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: assertion,
  };
  const answer = await fetch(`${issuer}/${tenant}/oauth2/v2.0/token`, { method: "POST", body: new URLSearchParams(form) });
  return { status: answer.status, ...(await answer.json()) };
}
async function refused(what, error, reason, assertion) {
  const answer = await present(assertion);
  const good = answer.error === error && !answer.access_token && reason.test(why);
  expect(`${what}: ${answer.status} ${answer.error} (${why})`, good, JSON.stringify(answer));
}

const token = await ours(client, tenant, ["--scopes", "x"]);
expect("fedcred token signs in at oidc-provider", jose.decodeJwt(token).client_id === client, token);

const first = await sign();
const verified = await jose.jwtVerify(first, certificate.publicKey, { audience: `${issuer}/${tenant}/oauth2/v2.0/token`, issuer: client, subject: client });
const thumbprint = Buffer.from(certificate.fingerprint256.replaceAll(":", ""), "hex").toString("base64url");
expect("jose verifies PS256", verified.protectedHeader.alg === "PS256", JSON.stringify(verified.protectedHeader));
expect("the header names the certificate", verified.protectedHeader["x5t#S256"] === thumbprint, JSON.stringify(verified.protectedHeader));
expect("at most ten minutes", verified.payload.exp - verified.payload.nbf <= 600, JSON.stringify(verified.payload));
const second = await sign();
expect("no id comes twice", jose.decodeJwt(second).jti !== verified.payload.jti, second);

expect("oidc-provider accepts it", (await present(first)).status === 200, "");
await refused("replayed", "invalid_client", /unique|used|jti/, first);
await refused("wrong audience", "invalid_client", /aud/, await sign(client, other));
await refused("foreign subject", "invalid_request", /client_id/, await sign(other));
const late = await sign();
const now = Date.now;
Date.now = () => now() + 30 * 60 * 1000;
await refused("expired", "invalid_client", /exp/, late);
Date.now = now;
// For the next judge.
fs.writeFileSync(path.join(folder, "assertion.jwt"), await sign(client, tenant, ["--send-certificate-chain"]));
server.close();
process.exit(failed ? 1 : 0);
