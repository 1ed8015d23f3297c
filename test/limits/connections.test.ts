import { once } from 'node:events';
import { connect } from 'node:http2';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { DevServerOptions } from '../../server/create-dev-server.ts';
import { LiveSite } from '../support/live-site.ts';
import { parseAnswer, type RawClient, rawClient } from '../support/raw-client.ts';

const EVENTS = ['GET /events HTTP/1.1', 'Host: localhost', 'Accept: text/event-stream'];
const PAGE = ['GET / HTTP/1.1', 'Host: localhost'];

async function fullSite(options: Partial<DevServerOptions> = {}) {
  const site = await LiveSite.start({ 'index.html': '<p>home' }, { maxConnections: 3, ...options });
  const tls = { tls: options.https === true };
  const readers = await Promise.all([1, 2, 3].map(() => openStream(site.port, tls)));
  return { site, readers, one: () => rawClient(site.port, tls) };
}

async function openStream(port: number, options: { tls: boolean }): Promise<RawClient> {
  const client = rawClient(port, options);
  client.send(...EVENTS);
  await expect.poll(() => client.received).toContain('dev-serve:position');
  return client;
}

describe.each([false, true])('N2: one connection too many (TLS: %s)', (https) => {
  it('is told so in clear words, and to come back', async () => {
    const { one } = await fullSite({ https });
    const client = one();
    client.send(...PAGE);
    const { status, head, body } = parseAnswer(await client.closed);
    expect(status).toBe(503);
    expect(head).toMatch(/retry-after: 1/i);
    expect(head).toMatch(/connection: close/i);
    expect(body).toBe('Too many connections: maxConnections is the limit\n');
  });

  it('gets what it asks for once another has gone', async () => {
    const { readers, one } = await fullSite({ https });
    readers[0]?.socket.destroy();
    await expect
      .poll(async () => {
        const client = one();
        client.send(...PAGE, 'Connection: close');
        return parseAnswer(await client.closed).status;
      })
      .toBe(200);
  });

  it('that is an event stream is told when to come back: an error would be for ever', async () => {
    const { one } = await fullSite({ https });
    const client = one();
    client.send(...EVENTS);
    const { status, head, body } = parseAnswer(await client.closed);
    expect(status).toBe(200);
    expect(head).toMatch(/content-type: text\/event-stream/i);
    expect(head).toMatch(/x-content-type-options: nosniff/i);
    expect(head).toMatch(/cross-origin-resource-policy: same-/i);
    expect(body).toMatch(/retry: 1\d\d\d\n/);
  });

  it('that is a WebSocket is refused before the 101', async () => {
    const { one } = await fullSite({ https });
    const client = one();
    client.send(
      ...['GET /events/ws HTTP/1.1', 'Host: localhost', 'Connection: Upgrade'],
      ...['Upgrade: websocket', 'Sec-WebSocket-Version: 13'],
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    );
    const { status, head } = parseAnswer(await client.closed);
    expect(status).toBe(503);
    expect(head).toMatch(/retry-after: 1/i);
  });

  it('takes the place of one that only waits', async () => {
    const { site, readers, one } = await fullSite({ https });
    readers[0]?.socket.destroy();
    await expect.poll(() => site.openStreams).toBe(2);
    const idle = one();
    idle.send(...PAGE);
    await expect.poll(() => idle.received).toContain('<p>home');
    const client = one();
    client.send(...PAGE);
    await expect.poll(() => client.received).toContain('<p>home');
    await idle.closed;
  });
});

it('N2: connections far beyond the limit are dropped, and none outlasts its answer', async () => {
  const { site, one } = await fullSite();
  const clients = Array.from({ length: 200 }, one);
  await Promise.all(clients.map(({ closed }) => closed));
  const client = one();
  client.send(...PAGE);
  expect(parseAnswer(await client.closed).status).toBe(503);
  expect(site.openStreams).toBe(3);
});

it('N2: over HTTP/2 a connection counts once, whatever it asks for', async () => {
  const { site } = await fullSite({ https: true, maxConnections: 4 });
  const session = connect(site.url, { rejectUnauthorized: false });
  onTestFinished(() => session.destroy());
  // Without one that stays open it would make room.
  const events = session.request({ ':path': '/events', accept: 'text/event-stream' }).resume();
  await once(events, 'response');
  const statuses = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const stream = session.request({ ':path': '/' }).resume();
      const [head] = await once(stream, 'response');
      return head[':status'];
    }),
  );
  expect(new Set(statuses)).toEqual(new Set([200]));
  const second = connect(site.url, { rejectUnauthorized: false });
  onTestFinished(() => second.destroy());
  const [head] = await once(second.request({ ':path': '/' }).resume(), 'response');
  expect([head[':status'], head['retry-after']]).toEqual([503, '1']);
});

describe('N2: HTTP/2 connections without an open request', () => {
  it('make room for others, and those with one stay', async () => {
    const site = await LiveSite.start(
      { 'index.html': '<p>home' },
      { https: true, maxConnections: 4 },
    );
    const open = () => {
      const session = connect(site.url, { rejectUnauthorized: false });
      session.on('error', () => {});
      onTestFinished(() => session.destroy());
      return session;
    };
    const reader = open();
    const events = reader.request({ ':path': '/events' });
    let received = '';
    events.setEncoding('utf8').on('data', (chunk: string) => {
      received += chunk;
    });
    await expect.poll(() => received).toContain('dev-serve:position');
    const idle = [1, 2, 3].map(open);
    const closed = idle.map((session) => once(session, 'close'));
    for (const session of idle) {
      const stream = session.request({ ':path': '/' }).resume();
      await once(stream, 'close');
    }
    const visitors = [1, 2, 3].map(() => rawClient(site.port, { tls: true }));
    for (const visitor of visitors) visitor.send(...PAGE);
    for (const visitor of visitors) await expect.poll(() => visitor.received).toContain('<p>home');
    await Promise.all(closed);
    expect([reader.destroyed, events.destroyed]).toEqual([false, false]);
  });
});
