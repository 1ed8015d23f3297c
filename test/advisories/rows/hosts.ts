import { once } from 'node:events';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import fc from 'fast-check';
import Fastify from 'fastify';
import { expect, onTestFinished } from 'vitest';
import devServe from '../../../plugins/dev-serve.ts';
import { judge } from '../../../plugins/hosts/judge.ts';
import { inForm } from '../../support/faults/form.ts';
import { seed } from '../../support/random.ts';
import type { Advisory } from '../advisory.ts';
import { Target } from '../arena/target.ts';

const EVIL = 'evil.example';
/** Hosts and origins that have made parsers of others throw. */
const ODD = [
  ...[
    '',
    ' ',
    ':',
    '[',
    ']',
    '[]',
    '[::z]',
    '[::1',
    '::1',
    '@',
    'u@localhost',
    'a/b?c',
    '%',
    '%zz',
  ],
  ...['localhost:', 'localhost:x', 'localhost:99999', 'localhost.evil.example', '..', 'a..b', '\\'],
  ...[
    'http://',
    'http:',
    'https://[',
    'http://[::z]',
    'null',
    'file://',
    'about:blank',
    'http://%',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'http://__proto__',
    `${'a.'.repeat(4000)}a`,
    '\xff\xfe',
  ],
];

/** Who is answered. */
export const hosts: readonly Advisory[] = [
  {
    ids: ['CVE-2025-24010', 'GHSA-vg6x-rcgg-rjx6'],
    product: 'vite',
    cause: 'any origin could read, any origin could open a WebSocket, any Host was answered',
    promise: 'a rebound name is refused, a foreign WebSocket is refused, no other origin may read',
    async probe({ dev }) {
      const origin = `http://${EVIL}`;
      for (const path of ['/', '/app.js', '/events', '/@dev-serve/client.js', '/missing', '/%']) {
        const { status, text } = await dev.ask(path, { headers: { host: `${EVIL}:${dev.port}` } });
        expect(path === '/%' ? [400, 403] : [403], path).toContain(status);
        expect(text).not.toContain('<p>home');
      }
      expect((await dev.upgrade('/events/ws', `Origin: ${origin}`)).status).toBe(403);
      const { headers } = await dev.ask('/', { headers: { origin } });
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    },
  },
  {
    ids: ['CVE-2025-48068', 'GHSA-3h52-269p-cp9r'],
    product: 'next',
    cause: 'origins were checked only once some had been allowed',
    promise: 'hosts and origins are checked with nothing configured',
    async probe({ dev, command }) {
      for (const target of [dev, command]) {
        const foreign = { origin: `https://${EVIL}`, accept: 'text/event-stream' };
        expect((await target.ask('/events', { headers: foreign })).status).toBe(403);
        expect((await target.ask('/', { headers: { host: EVIL } })).status).toBe(403);
        const handshake = await target.upgrade('/events/ws', `Origin: https://${EVIL}`);
        expect(handshake.status).toBe(403);
      }
    },
  },
  {
    ids: ['CVE-2026-14631', 'GHSA-m28w-2pqf-7qgj', 'CVE-2024-32652'],
    product: 'webpack-dev-server, @hono/node-server',
    cause: 'a Host or an Origin that could not be read threw in the check',
    promise: 'whatever Host and Origin hold, they are judged, and the process goes on',
    async probe({ command }) {
      const policy = { allowedHosts: [], allowedOrigins: [], https: false };
      const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.constantFrom(...ODD));
      const purpose = fc.constantFrom('page' as const, 'events' as const, 'websocket' as const);
      fc.assert(
        fc.property(text, text, purpose, (host, origin, purpose) => {
          const claims = { rawHeaders: ['Host', host], origin, fetchSite: origin, purpose };
          return [200, 400, 403].includes(judge(claims, policy).status);
        }),
        { numRuns: inForm(2000, 10_000), seed },
      );
      for (const odd of ODD) {
        const { status } = await command.get('/', `Host: ${odd}`, `Origin: ${odd}`);
        expect([200, 400, 403], odd).toContain(status);
        const stream = await command.get('/events', `Origin: ${odd}`, 'Accept: text/event-stream');
        expect(odd.trim() === '' ? [200, 403] : [403], odd).toContain(stream.status);
      }
    },
  },
  {
    ids: ['CVE-2026-3635', 'CVE-2026-16732'],
    product: 'fastify',
    cause: 'X-Forwarded-Host and -Proto were believed of whoever sent them',
    promise: 'hosts and origins are judged by the Host header, in an app that trusts proxies too',
    async probe({ dev }) {
      const app = Fastify({ trustProxy: true });
      onTestFinished(() => app.close());
      await app.register(devServe, { root: 'fixtures', enabled: true, streamMethod: 'both' });
      const trusting = new Target(Number(new URL(await app.listen({ port: 0 })).port));
      onTestFinished(() => trusting.close());
      for (const target of [dev, trusting]) {
        const forwarded = { 'x-forwarded-host': 'localhost', forwarded: 'host=localhost' };
        const rebound = { headers: { host: EVIL, 'x-forwarded-proto': 'https', ...forwarded } };
        expect((await target.ask('/@dev-serve/client.js', rebound)).status).toBe(403);
        const named = { headers: { 'x-forwarded-host': EVIL, 'x-forwarded-for': '203.0.113.1' } };
        expect((await target.ask('/@dev-serve/client.js', named)).status).toBe(200);
        const lines = [`Origin: http://${EVIL}`, `X-Forwarded-Host: ${EVIL}`];
        expect((await target.upgrade('/events/ws', ...lines)).status).toBe(403);
      }
    },
  },
  {
    ids: ['CVE-2025-11953', 'GHSA-399j-vxmf-hjvr'],
    product: 'React Native',
    cause: 'the server listened on all interfaces, and ran what it was sent',
    promise: 'the command listens on the loopback interface alone, unless it is told otherwise',
    async probe({ command }) {
      expect(command.output).toContain('Local:');
      expect(command.output).not.toContain('Network:');
      const others = Object.values(networkInterfaces())
        .flatMap((list = []) => list)
        .filter(({ family, internal }) => family === 'IPv4' && !internal)
        .map(({ address }) => address);
      // The second address of this machine is on the loopback interface, but is not "localhost".
      for (const address of ['127.0.0.2', ...others]) {
        const socket = connect(command.port, address);
        onTestFinished(() => void socket.destroy());
        await expect(once(socket, 'connect'), address).rejects.toThrow('ECONNREFUSED');
      }
    },
  },
];
