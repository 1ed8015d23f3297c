import { once } from 'node:events';
import { type ClientHttp2Session, connect } from 'node:http2';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { IdleConnections } from '../../server/limits/idle-connections.ts';
import { limitSessions } from '../../server/limits/limit-sessions.ts';
import { openFiles } from '../support/faults/open-files.ts';
import { LiveSite } from '../support/live-site.ts';

const SIZE = 4 * 1024 * 1024;
const FILES = { 'index.html': '<p>home', 'big.txt': 'x'.repeat(SIZE) };
const soon = { timeout: 8_000 };
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A site on which something has to move every `stallTimeout` milliseconds. */
async function impatientSite(stallTimeout: number) {
  const sockets = new Set<object>();
  const site = await LiveSite.start(FILES, {
    https: true,
    onNotice() {},
    prepare: (app) => {
      limitSessions(app, { timeout: 0, stallTimeout, idle: new IdleConnections() });
      app.server.on('session', (session) => {
        sockets.add(session);
        session.once('close', () => sockets.delete(session));
      });
      app.get('/late', async () => {
        await pause(3 * stallTimeout);
        return 'late';
      });
    },
  });
  return { site, sockets };
}

function open(url: string): ClientHttp2Session {
  const session = connect(url, { rejectUnauthorized: false });
  session.on('error', () => {});
  onTestFinished(() => session.destroy());
  return session;
}

function request(session: ClientHttp2Session, path: string) {
  const stream = session.request({ ':path': path });
  stream.on('error', () => {});
  return stream;
}

function frame(type: number, flags: number, stream: number, payload: readonly number[]): Buffer {
  return Buffer.from([0, 0, payload.length, type, flags, 0, 0, 0, stream, ...payload]);
}

describe('N1: an HTTP/2 connection on which nothing moves', () => {
  it('is ended where the client takes nothing of an answer', async () => {
    const { site, sockets } = await impatientSite(500);
    const session = open(site.url);
    const stream = request(session, '/big.txt');
    await once(stream, 'response');
    stream.pause();
    await once(session, 'close');
    await expect.poll(() => sockets.size, soon).toBe(0);
  });

  // Of a client that has gone Node tells nothing, if what it could not write is not the last.
  it.each([
    ['does not even read', () => {}],
    ['does not even read, and has gone', (socket: TLSSocket) => void socket.destroy()],
  ])('is ended with its files where the client %s, whatever it asked for', async (_, leave) => {
    const { site, sockets } = await impatientSite(500);
    const address = { port: site.port, host: '127.0.0.1' };
    const socket = connectTls({ ...address, rejectUnauthorized: false, ALPNProtocols: ['h2'] });
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => {});
    await once(socket, 'secureConnect');
    socket.pause();
    socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    // Windows that hold more than any socket does.
    socket.write(frame(4, 0, 0, [0, 4, 0x01, 0, 0, 0]));
    socket.write(frame(8, 0, 0, [0x10, 0, 0, 0]));
    const path = [...Buffer.from('/big.txt')];
    const host = [...Buffer.from('127.0.0.1')];
    const head = [0x82, 0x87, 0x44, path.length, ...path, 0x41, host.length, ...host];
    for (let n = 0; n < 20; n += 1) socket.write(frame(1, 5, 2 * n + 1, head));
    await expect.poll(() => site.documents('/big.txt'), soon).toBe(20);
    leave(socket);
    await expect.poll(() => sockets.size, soon).toBe(0);
    await expect.poll(() => openFiles('big.txt'), soon).toBe(0);
  });

  it('stays where it is the server that is slow to answer, and where it sends events', async () => {
    const { site } = await impatientSite(500);
    const [asking, reading] = [open(site.url), open(site.url)];
    const events = request(reading, '/events').resume();
    await once(events, 'response');
    let text = '';
    const late = request(asking, '/late').setEncoding('utf8');
    late.on('data', (chunk: string) => {
      text += chunk;
    });
    await once(late, 'close');
    expect(text).toBe('late');
    expect([events.closed, reading.destroyed]).toEqual([false, false]);
  });

  it('is none where a client takes what it gets slowly', async () => {
    const { site } = await impatientSite(3000);
    const stream = request(open(site.url), '/big.txt');
    const start = performance.now();
    let size = 0;
    for await (const chunk of stream) {
      size += chunk.length;
      // Thrice what it has in all, a little at a time.
      await pause(performance.now() - start < 7000 ? 100 : 0);
    }
    expect(size).toBe(SIZE);
    expect(performance.now() - start).toBeGreaterThan(6000);
  }, 60_000);
});
