import fc from 'fast-check';
import { expect, onTestFinished } from 'vitest';
import { requestTarget } from '../../../plugins/proxy/request-target.ts';
import { inForm } from '../../support/faults/form.ts';
import { seed } from '../../support/random.ts';
import type { Advisory } from '../advisory.ts';
import { Upstream } from '../arena/upstream.ts';

const FORWARDED = ['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto'];

/** Requests that are passed on. */
export const proxy: readonly Advisory[] = [
  {
    ids: ['CVE-2026-9595', 'GHSA-mx8g-39q3-5c79'],
    product: 'webpack-dev-server',
    cause:
      'a proxy for all paths took the upgrade of the reload socket, unchecked, cookies included',
    promise: 'own routes win over the proxy, and hosts and origins are judged before it',
    async probe({ proxied, upstream }) {
      upstream.take();
      const cookie = 'Cookie: session=1';
      const evil = 'Origin: http://evil.example';
      for (const path of ['/events/ws', '/@dev-serve/x']) {
        expect([403, 404]).toContain((await proxied.upgrade(path, evil, cookie)).status);
      }
      expect((await proxied.get('/events/ws', cookie, 'Host: evil.example')).status).toBe(403);
      expect((await proxied.get('/api/x', cookie, 'Host: evil.example')).status).toBe(403);
      const protocol = 'Sec-WebSocket-Protocol: dev-serve';
      const opened = await proxied.upgrade('/events/ws', cookie, protocol);
      expect([opened.status, opened.headers['sec-websocket-protocol']]).toEqual([101, 'dev-serve']);
      const own = ['/@dev-serve/client.js', '/@dev-serve/health', '/@dev-serve/status.json'];
      for (const { status } of await proxied.askAll(own)) expect(status).toBe(200);
      expect(upstream.take()).toEqual([]);
    },
  },
  {
    ids: ['CVE-2021-21321', 'GHSA-c4qr-gmr9-v23w', 'CVE-2025-66415'],
    product: '@fastify/reply-from, @fastify/http-proxy',
    cause: '".." and "%2e%2e" left the path that the proxy was for',
    promise: 'whatever is asked for, the upstream is asked below the path of the rule',
    async probe({ proxied, upstream }) {
      upstream.take();
      const climbs = ['..', '%2e%2e', '.%2E', '..%2f', '%2e%2e%2f', '..;', '..%5c', 'x/../..'];
      for (const climb of climbs) {
        const [path, deep] = [`/api/${climb}/admin`, `/api/a/${climb}/${climb}/admin`];
        for (const { status } of await proxied.askAll([path, deep, `/api/${climb}`])) {
          expect(status, path).toBe(400);
        }
        expect((await proxied.upgrade(path)).status, path).toBe(400);
      }
      expect(upstream.take()).toEqual([]);
      const piece = fc.oneof(
        fc.constantFrom('..', '.', '%2e', '%2E', '%2f', '%5c', '%252e', '/', '//', ';', '\\', '@'),
        fc.string({ unit: 'binary-ascii', maxLength: 4 }),
      );
      const mapping = { here: '/api', there: '/v1' };
      fc.assert(
        fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
          const target = requestTarget(`/api/${pieces.join('')}`, mapping);
          if (target === undefined) return true;
          const { origin, pathname } = new URL(`http://upstream.example${target}`);
          return origin === 'http://upstream.example' && `${pathname}/`.startsWith('/v1/');
        }),
        { numRuns: inForm(2000, 50_000), seed },
      );
    },
  },
  {
    ids: [],
    product: '@fastify/http-proxy 11.6',
    cause:
      'destinations and upgrades were checked too loosely, headers of the upstream passed as they are',
    promise: 'the upstream is the one of the rule, and headers of its connection stay there',
    async probe({ proxied, upstream }) {
      upstream.take();
      const odd = [
        `http://${proxied.host}/api/x`,
        '//evil.example/x',
        'http://evil.example/',
        '*',
        '/\\x',
      ];
      for (const target of [...odd, '@evil.example', ':80@evil.example/']) {
        expect((await proxied.get(target)).status, target).toBe(400);
      }
      expect(upstream.take()).toEqual([]);
      const { headers } = await proxied.ask('/api/x');
      expect(headers).not.toHaveProperty('x-internal');
      await proxied.ask('/apix?a');
      await proxied.upgrade('/apix');
      await proxied.upgrade('/api/socket');
      const targets = upstream.take().map(({ target }) => target);
      expect(targets).toEqual(['/v1/x', '/apix?a', '/apix', '/v1/socket']);
    },
  },
  {
    ids: ['CVE-2026-33805', 'GHSA-gwhp-pf74-vj37'],
    product: '@fastify/reply-from, @fastify/http-proxy',
    cause: 'the list in Connection took away headers that the proxy had added',
    promise:
      'a client takes away no header that is added, and adds none of those that are said anew',
    async probe({ proxied, upstream }) {
      upstream.take();
      const list = [...FORWARDED, 'host', 'cookie', '__proto__', 'constructor'].join(', ');
      const lies = [
        ...FORWARDED.map((name) => `${name}: evil.example`),
        'Forwarded: for=evil.example',
      ];
      const head = [
        'GET /api/x HTTP/1.1',
        `Host: ${proxied.host}`,
        `Connection: close, ${list}`,
        ...lies,
      ];
      expect((await proxied.say(`${head.join('\r\n')}\r\n\r\n`)).status).toBe(200);
      const [received] = upstream.take();
      expect(received?.headers).toMatchObject({
        host: proxied.host,
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-host': proxied.host,
        'x-forwarded-proto': 'http',
      });
      expect(JSON.stringify(received)).not.toContain('evil.example');
    },
  },
  {
    ids: ['GHSA-v574-6498-x57v'],
    product: '@fastify/reply-from',
    cause: 'two destinations had one key in a cache of URLs',
    doesNotApply:
      'the proxy keeps nothing from one request to the next: each target is made of its own rule',
  },
  {
    ids: ['CVE-2024-21536'],
    product: 'http-proxy-middleware',
    cause: 'a promise that was rejected while a path was matched ended the process',
    promise: 'no path and no header leaves a promise to reject',
    async probe({ proxied, rejections }) {
      const paths = [
        '/%',
        '/api/%zz',
        '//x@x',
        '/api/%c0%80',
        '/?a=%',
        '/api?%',
        '/x:y@z',
        '/api/__proto__',
      ];
      await proxied.askAll([
        ...paths,
        '/constructor',
        '/toString',
        '/api/%2525',
        `/${'%41'.repeat(2000)}`,
      ]);
      for (const host of ['', 'x x', '[', `${proxied.host}@x`, '%']) {
        await proxied.get('/api/x', `Host: ${host}`);
      }
      expect(rejections).toEqual([]);
    },
  },
  {
    ids: ['CVE-2022-1650', 'GHSA-6h5x-7c5m-7cr7'],
    product: 'eventsource',
    cause: 'credentials went along when a redirect led to another site',
    promise: 'the proxy follows no redirect, and a request for events is never redirected',
    async probe({ dev, proxied, upstream }) {
      const elsewhere = await Upstream.start();
      onTestFinished(() => elsewhere.close());
      upstream.take();
      const headers = { authorization: 'Bearer 1', cookie: 'session=1' };
      const { status, headers: own } = await proxied.ask(`/to?${elsewhere.url}/x`, { headers });
      expect([status, own.location]).toEqual([302, `${elsewhere.url}/x`]);
      expect(upstream.take()).toHaveLength(1);
      expect(elsewhere.take()).toEqual([]);
      for (const path of ['/events/', '/events/?x', '//events', '/events/ws/']) {
        const asked = await dev.ask(path, { headers: { accept: 'text/event-stream' } });
        expect([400, 404], path).toContain(asked.status);
      }
    },
  },
];
