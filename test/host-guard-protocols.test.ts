import { once } from 'node:events';
import { connect } from 'node:http2';
import Fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import hostGuard from '../plugins/host-guard.ts';

describe('H4: over TLS', () => {
  it.each([
    ['https://localhost', 200],
    ['http://localhost', 403],
    ['https://localhost:8443', 403],
  ])('the origin %s gets %i for events of https://localhost', async (origin, status) => {
    const app = Fastify({ https: {} });
    await app.register(hostGuard);
    app.get('/', () => 'an event');
    const headers = { host: 'localhost', accept: 'text/event-stream', origin };
    expect((await app.inject({ url: '/', headers })).statusCode).toBe(status);
    await app.close();
  });

  it('a foreign host is refused like everywhere', async () => {
    const app = Fastify({ https: {} });
    await app.register(hostGuard);
    const headers = { host: 'evil.example' };
    expect((await app.inject({ url: '/', headers })).statusCode).toBe(403);
    await app.close();
  });
});

describe('H1, H4: over HTTP/2', () => {
  it.each([
    ['localhost', {}, 200],
    ['evil.example', {}, 403],
    ['localhost', { host: 'localhost' }, 200],
    ['localhost', { host: 'evil.example' }, 400],
    ['localhost:99999', {}, 400],
  ])('the authority %j with %j gets %i', async (authority, headers, status) => {
    const app = Fastify({ http2: true });
    await app.register(hostGuard);
    app.get('/', () => 'a page');
    const session = connect(await app.listen({ port: 0, host: '127.0.0.1' }));
    const stream = session.request({ ':authority': authority, ':path': '/', ...headers });
    const [answer] = await once(stream.resume(), 'response');
    expect(answer[':status']).toBe(status);
    session.destroy();
    await app.close();
  });
});
