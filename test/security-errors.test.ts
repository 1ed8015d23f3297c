import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { expect, it, onTestFinished } from 'vitest';
import { createDevServer } from '../server/create-dev-server.ts';
import { handshake, rawRequest } from './support/raw-request.ts';
import { temporarySite } from './support/temporary-site.ts';

const CANARY = 'xyzzy';
const SECRET = '/tmp/no-such-folder/secret/place';

/** How routes of an app fail, of which clients are to be told no more than that. */
const FAILURES: Readonly<Record<string, () => unknown>> = {
  '/read': () => readFile(SECRET),
  '/import': () => import(/* @vite-ignore */ new URL(`file://${SECRET}`).href),
  '/connect': () =>
    new Promise((_resolve, reject) => connect({ path: SECRET }).on('error', reject)),
  '/status': () =>
    readFile(SECRET).catch((error) => Promise.reject(Object.assign(error, { statusCode: 503 }))),
  '/missing': () =>
    readFile(SECRET).catch((error) => Promise.reject(Object.assign(error, { statusCode: 404 }))),
  '/wrapped': () => {
    throw new Error(`no template in ${process.cwd()}/views`);
  },
  '/home': () => {
    throw new Error(`cannot open ${homedir()}/.config/x`);
  },
  '/temporary': () => {
    throw new Error(`cannot write ${tmpdir()}/x`);
  },
};

const STATUSES: Readonly<Record<string, number>> = { '/status': 503, '/missing': 404 };

const REQUESTS: readonly (readonly [status: number, request: string, ...headers: string[]])[] = [
  ...Object.keys(FAILURES).map((path) => [STATUSES[path] ?? 500, `GET ${path}`] as const),
  [404, `GET /${CANARY}<b>?q=${CANARY}`],
  [404, `POST /${CANARY}<b>`],
  [404, `GET /.env/${CANARY}`],
  [400, `GET /%${CANARY}`],
  [400, `GET /..%2f${CANARY}`],
  [400, `GET http://${CANARY}/`],
  [403, 'GET /', `Host: ${CANARY}.example`],
  [400, 'GET /', `Host: ${CANARY}:99999`],
  [403, 'GET /events', `Origin: http://${CANARY}.example`, 'Accept: text/event-stream'],
  [405, `POST /a.css?${CANARY}`],
  [412, 'GET /a.css', `If-Match: "${CANARY}"`],
  [416, 'GET /a.css', 'Range: bytes=999-'],
  [414, `GET /${CANARY}${'x'.repeat(9000)}`],
  [415, 'POST /@dev-serve/report', `Content-Type: a/${CANARY}`, 'Content-Length: 1'],
  [417, 'GET /', `Expect: ${CANARY}`],
  [431, 'GET /', `X-Long: ${CANARY}${'x'.repeat(20_000)}`],
  [502, `GET /proxied/${CANARY}`],
];

/** Of the disk, of where something failed, of what this server is made of. */
const TELLING = [
  /\/(?:tmp|home|root|work|usr|proc|node_modules)\//,
  /\bat \S+.*:\d+:\d+/,
  /\bv?\d+\.\d+\.\d+\b(?!\.\d)/,
  /node\.js|fastify|find-my-way/i,
];

it('P8: no error of a dev server holds a path of the disk, a stack or a version', async () => {
  const root = await temporarySite({ 'index.html': '<p>', 'a.css': 'a{}' });
  const server = await createDevServer({
    ...{ root, port: 0, host: '127.0.0.1', onNotice() {} },
    // Nothing listens on the port of the discard service of this machine.
    proxy: { '/proxied': 'http://127.0.0.1:9' },
  });
  onTestFinished(() => server.close());
  for (const [path, fail] of Object.entries(FAILURES)) server.app.get(path, async () => fail());
  const port = Number(new URL(await server.listen()).port);
  for (const accept of ['application/json', 'text/html']) {
    for (const [status, request, ...headers] of REQUESTS) {
      // A navigation is answered with the whole, whatever it makes a condition.
      if (accept === 'text/html' && [412, 416].includes(status)) continue;
      const host = headers.some((line) => line.startsWith('Host:')) ? [] : ['Host: localhost'];
      const more = [...host, `Accept: ${accept}`, 'Connection: close', ...headers];
      const answer = await rawRequest(port, [`${request} HTTP/1.1`, ...more]);
      const name = `${request.slice(0, 60)} as ${accept}`;
      expect([name, answer.status]).toEqual([name, status]);
      // The address of the upstream is what the page of a missing one is about.
      const told = `${answer.head}\n${answer.body}`.replace('http://127.0.0.1:9', '').slice(8);
      expect([name, TELLING.filter((each) => each.test(told)), told.includes(root)]).toEqual([
        ...[name, [], false],
      ]);
      const isHtml = /content-type: text\/html/i.test(answer.head);
      if (isHtml) expect([name, answer.body.includes(CANARY)]).toEqual([name, false]);
    }
  }
  for (const path of ['/events/ws', `/${CANARY}`]) {
    const origin = path === '/events/ws' ? ['Origin: null'] : [];
    const answer = await rawRequest(port, handshake(path, 'Host: localhost', ...origin));
    expect([path, TELLING.filter((each) => each.test(answer.head + answer.body))]).toEqual([
      path,
      [],
    ]);
  }
});
