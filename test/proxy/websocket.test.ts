import { once } from 'node:events';
import { connect } from 'node:net';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import WebSocket from 'ws';
import type { StreamMethod } from '../../plugins/dev-serve-options.ts';
import { Backend, soon } from '../support/backends/backend.ts';
import { LiveSite } from '../support/live-site.ts';
import { handshake, rawRequest } from '../support/raw-request.ts';

let backend: Backend;
let site: LiveSite;

beforeEach(async () => {
  backend = await Backend.node('app');
});

function open(path: string, protocols: string[] = [], headers: Record<string, string> = {}) {
  const socket = new WebSocket(`ws://127.0.0.1:${site.port}${path}`, protocols, { headers });
  onTestFinished(() => socket.terminate());
  return socket;
}

async function nextMessage(socket: WebSocket): Promise<{ data: Buffer; isBinary: boolean }> {
  const [data, isBinary] = await once(socket, 'message');
  return { data, isBinary };
}

const backendLog = async () => (await (await fetch(`${backend.url}/log`)).json()).log;

// Without a WebSocket of our own there is nobody else to bring upgrades to routes.
describe.each<StreamMethod>(['both', 'sse'])('with the stream method %s', (streamMethod) => {
  beforeEach(async () => {
    site = await LiveSite.start({}, { proxy: backend.url, streamMethod });
  });

  it('a WebSocket passes with its protocol, text, bytes, pings and close code', async () => {
    const socket = open('/echo-socket', ['first', 'second']);
    await once(socket, 'open');
    expect(socket.protocol).toBe('second');
    socket.send('text \u{1f600}');
    expect((await nextMessage(socket)).data.toString()).toBe('text \u{1f600}');
    const bytes = Buffer.from([0, 1, 254, 255]);
    socket.send(bytes);
    expect(await nextMessage(socket)).toEqual({ data: bytes, isBinary: true });
    socket.ping('are you there');
    expect(String((await once(socket, 'pong'))[0])).toBe('are you there');
    socket.send('close');
    const [code, reason] = await once(socket, 'close');
    expect([code, String(reason)]).toEqual([4321, 'as asked']);
  });

  it('a refusal of the upstream is what the client gets', async () => {
    const lines = handshake('/refused-socket', `Host: 127.0.0.1:${site.port}`);
    const { status, body } = await rawRequest(site.port, lines);
    expect([status, body]).toEqual([403, 'no']);
  });

  it('an upstream that is down is said in one line, and the connection ends', async () => {
    await backend.kill();
    const lines = handshake('/echo-socket', `Host: 127.0.0.1:${site.port}`);
    const { status, body } = await rawRequest(site.port, lines);
    expect([status, body]).toEqual([
      502,
      `${backend.url} does not answer: nothing listens there\n`,
    ]);
  });

  it('another protocol than WebSocket is refused, and so is another method', async () => {
    const host = `Host: 127.0.0.1:${site.port}`;
    const upgrade = (protocol: string) => ['Connection: Upgrade', `Upgrade: ${protocol}`];
    const h2c = ['GET /echo HTTP/1.1', host, ...upgrade('h2c'), 'HTTP2-Settings: AAMAAABkAARA'];
    const post = ['POST /echo HTTP/1.1', host, ...upgrade('websocket'), 'Content-Length: 0'];
    for (const lines of [h2c, post]) expect((await rawRequest(site.port, lines)).status).toBe(400);
  });

  it('a host that is not ours is refused before the upstream hears of it', async () => {
    const { status } = await rawRequest(site.port, handshake('/echo-socket', 'Host: evil.example'));
    expect(status).toBe(403);
    await expect.poll(backendLog, soon).toEqual([]);
  });

  it('open sockets do not keep the server from closing, nor those that wait for an answer', async () => {
    const socket = open('/echo-socket');
    await once(socket, 'open');
    const waiting = open('/never-socket');
    waiting.on('error', () => {});
    await expect.poll(backendLog, soon).toEqual(['never asked']);
    const startedAt = performance.now();
    await Promise.all([site.stop(), once(socket, 'close')]);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });
});

describe('a connection that is passed on', () => {
  beforeEach(async () => {
    site = await LiveSite.start({}, { proxy: backend.url });
  });

  it('the close code of the client reaches the upstream', async () => {
    const socket = open('/echo-socket');
    await once(socket, 'open');
    socket.close(4000, 'enough');
    await expect.poll(backendLog, soon).toEqual(['socket closed 4000 enough']);
  });

  it('a reader that does not read holds its upstream up, not this server', async () => {
    const flooded = async () => (await (await fetch(`${backend.url}/log`)).json()).flooded;
    const socket = open('/flood-socket');
    await once(socket, 'open');
    socket.pause();
    await new Promise((resolve) => setTimeout(resolve, 500));
    // What the system keeps for two connections, and not all that there is.
    expect(await flooded()).toBeLessThan(50);
    socket.resume();
    await expect.poll(flooded, soon).toBe(100);
  });

  it('the upstream going away ends its sockets', async () => {
    const socket = open('/echo-socket');
    await once(socket, 'open');
    await Promise.all([once(socket, 'close'), backend.kill()]);
    await backend.start();
    const again = open('/talking-socket');
    expect((await nextMessage(again)).data.toString()).toBe('welcome');
  });
});

describe('X5: paths of our own', () => {
  beforeEach(async () => {
    site = await LiveSite.start({}, { proxy: backend.url });
  });

  it('keep their WebSocket, which never reaches the upstream', async () => {
    const socket = open('/events/ws');
    await once(socket, 'open');
    const message = nextMessage(socket);
    await site.write('a.txt', 'a');
    expect(JSON.parse((await message).data.toString())).toMatchObject({
      path: '/a.txt',
    });
    const foreign = handshake('/events/ws', `Host: 127.0.0.1:${site.port}`, 'Origin: http://a.b');
    expect((await rawRequest(site.port, foreign)).status).toBe(403);
  });

  it('are not passed on when nothing is there', async () => {
    const host = `Host: 127.0.0.1:${site.port}`;
    for (const path of ['/@dev-serve/x', '/%40dev-serve/x', '/@dev-serve/client.js']) {
      expect((await rawRequest(site.port, handshake(path, host))).status).toBe(404);
    }
    for (const method of ['GET', 'POST']) {
      const answer = await fetch(`${site.url}@dev-serve/x`, { method });
      expect(answer.status).toBe(404);
    }
    expect(await (await fetch(`${site.url}@dev-serve/client.js`)).text()).toContain('devServe');
  });
});

describe('the head of a handshake', () => {
  beforeEach(async () => {
    site = await LiveSite.start({}, { proxy: backend.url });
  });

  it('says who asks, as a request does', async () => {
    const socket = open('/headers-socket', [], {
      cookie: 'a=1',
      origin: site.url.slice(0, -1),
      'x-forwarded-for': '8.8.8.8',
    });
    expect(JSON.parse((await nextMessage(socket)).data.toString())).toMatchObject({
      host: `127.0.0.1:${site.port}`,
      cookie: 'a=1',
      origin: site.url.slice(0, -1),
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-host': `127.0.0.1:${site.port}`,
    });
  });

  it('may be followed at once by the first frame, in either direction', async () => {
    const socket = connect(site.port, '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    // "hi", masked with zeros.
    const frame = Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69]);
    const lines = handshake('/talking-socket', `Host: 127.0.0.1:${site.port}`);
    socket.write(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), frame]));
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    await expect.poll(() => text, soon).toContain('\r\n\r\n\x81\x07welcome\x81\x02hi');
  });
});
