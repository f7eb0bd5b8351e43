// clients.mjs NPM_FOLDER right|wrong: signs in with every Node client; `wrong` expects each to print the emulator's refusal.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [folder, mode] = process.argv.slice(2);
const wrong = mode === 'wrong';
const require = createRequire(path.resolve(folder, 'package.json'));
const { ClientAssertionCredential, WorkloadIdentityCredential } = require('@azure/identity');
const { ConfidentialClientApplication } = require('@azure/msal-node');
const core = await import(pathToFileURL(path.resolve(folder, 'node_modules/@actions/core/lib/core.js')).href);

const { AZURE_AUTHORITY_HOST: base, AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: client } = process.env;
const scope = `${base}/.default`;
const audience = 'api://AzureADTokenExchange';
const options = { authorityHost: base, disableInstanceDiscovery: true, retryOptions: { maxRetries: 0 } };
const claims = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());

// getIDToken prints ::add-mask:: with the token; that line belongs to the runner, not to this log.
async function assertion(asked = audience) {
  const write = process.stdout.write;
  process.stdout.write = () => true;
  try { return await core.getIDToken(asked ?? undefined); } finally { process.stdout.write = write; }
}

const signIns = {
  '@azure/identity ClientAssertionCredential': async () =>
    (await new ClientAssertionCredential(tenant, client, () => assertion(), options).getToken(scope)).token,
  '@azure/identity WorkloadIdentityCredential': async () => {
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'fedcred-')), 'token');
    fs.writeFileSync(file, await assertion());
    return (await new WorkloadIdentityCredential({ tenantId: tenant, clientId: client, tokenFilePath: file, ...options }).getToken(scope)).token;
  },
  '@azure/msal-node': async () => {
    const auth = { clientId: client, authority: `${base}/${tenant}`, clientAssertion: () => assertion(), knownAuthorities: [new URL(base).host] };
    return (await new ConfidentialClientApplication({ auth }).acquireTokenByClientCredential({ scopes: [scope] })).accessToken;
  },
};

let failed = false;
const report = (good, name, said) => {
  failed ||= !good;
  console.log(`${good ? 'ok  ' : 'FAIL'} ${name}: ${String(said).replaceAll('\n', ' ').slice(0, 170)}`);
};
for (const [name, signIn] of Object.entries(signIns)) {
  try {
    report(!wrong, name, `a token of ${(await signIn()).length} characters`);
  } catch (error) {
    const said = String(error.message);
    report(wrong && said.includes('700213') && said.includes('repo:octo/app:environment:staging'), name, said);
  }
}

const own = claims(await assertion('api://x/ä&b=c d+e'));
report(own.aud === 'api://x/ä&b=c d+e', '@actions/core getIDToken, audience with reserved characters', own.aud);
const usual = claims(await assertion(null));
report(usual.aud === 'https://github.com/octo', '@actions/core getIDToken, no audience', usual.aud);
process.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN = 'wrong';
const refused = await assertion().then(() => 'accepted', (error) => error.message);
report(refused.includes('401'), '@actions/core getIDToken, wrong bearer', refused);
process.exitCode = failed ? 1 : 0;
