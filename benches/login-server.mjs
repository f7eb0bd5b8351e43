// login-server.mjs KEY CERT: GitHub's token service and Entra's token endpoint with fixed answers, on loopback with TLS.
// The first line of standard output is the port.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';

const [key, cert] = process.argv.slice(2).map((file) => readFileSync(file));
const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const claims = {
  iss: 'https://token.actions.githubusercontent.com',
  sub: 'repo:octo/app:ref:refs/heads/main',
  aud: 'api://AzureADTokenExchange',
};
const token = `${part({ alg: 'RS256' })}.${part(claims)}.${'x'.repeat(342)}`;

const server = createServer({ key, cert }, (request, response) => {
  request.resume().on('end', () => {
    const body = request.method === 'GET' ? { value: token } : { access_token: token, expires_in: 3599 };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
