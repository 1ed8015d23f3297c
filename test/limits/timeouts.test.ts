import { createServer } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import { busyFactor } from '../support/busy.ts';
import { inForm, tell } from '../support/faults/form.ts';
import { LiveSite } from '../support/live-site.ts';
import { parseAnswer, type RawClient, rawClient } from '../support/raw-client.ts';

const FILES = { 'index.html': '<p>home' };
const soon = { timeout: 20_000 };
const POST = ['Host: localhost', 'Content-Type: application/json'];

/** Sends a character from time to time until the connection ends. */
function drip(client: RawClient, interval: number): void {
  const timer = setInterval(() => {
    if (client.isClosed) clearInterval(timer);
    else client.socket.write('a');
  }, interval);
  onTestFinished(() => clearInterval(timer));
}

/** What clients begin with, and never end. */
const BEGINNINGS = ['', 'GET / HT', 'GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: '];

describe('N3: who does not come to the end of a request', () => {
  const size = inForm(30, 500);
  const headersTimeout = inForm(5000, 10_000);

  it.each([false, true])(
    'is gone in time, and others are served at once (TLS: %s)',
    async (tls) => {
      const site = await LiveSite.start(FILES, { headersTimeout, https: tls });
      const clients = Array.from({ length: size }, (_, n) => {
        const client = rawClient(site.port, { tls });
        client.socket.write(BEGINNINGS[n % BEGINNINGS.length] ?? '');
        // Some go on, a character at a time.
        if (n % 10 === 1) drip(client, 300);
        return client;
      });
      const start = performance.now();
      // Hundreds of handshakes at once are work for a processor, whoever asks for them.
      const connected = clients.map(({ socket, closed }) => {
        const isThere = new Promise((resolve) =>
          socket.once(tls ? 'secureConnect' : 'connect', resolve),
        );
        return Promise.race([isThere, closed]);
      });
      await Promise.all(connected);
      const waits: number[] = [];
      let isOver = false;
      const ended = Promise.all(clients.map(({ closed }) => closed)).then(() => {
        isOver = true;
      });
      while (!isOver) {
        const asked = performance.now();
        const visitor = rawClient(site.port, { tls });
        visitor.send('GET / HTTP/1.1', 'Host: localhost', 'Connection: close');
        expect(parseAnswer(await visitor.closed).status).toBe(200);
        waits.push(performance.now() - asked);
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      await ended;
      const milliseconds = Math.round(performance.now() - start);
      expect(milliseconds).toBeLessThan(15_000 * busyFactor());
      waits.sort((a, b) => a - b);
      // One in twenty may meet what else this process and the machine have to do.
      const [most = 0, slowest = 0] = [waits.at(-1 - Math.floor(waits.length / 20)), waits.at(-1)];
      expect(most).toBeLessThan(inForm(1000, 100) * busyFactor());
      const figures = { most: Math.round(most), slowest: Math.round(slowest) };
      tell(`half requests, TLS ${tls}`, { size, milliseconds, ...figures });
    },
    120_000,
  );

  it('in an unfinished handshake of TLS, or HTTP/2 without a request, is gone too', async () => {
    const site = await LiveSite.start(FILES, { headersTimeout: 500, https: true });
    const silent = connect(site.port, '127.0.0.1');
    const half = connect(site.port, '127.0.0.1');
    half.write(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]));
    const sockets = [silent, half];
    const closed = sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    for (const socket of sockets) socket.on('error', () => {}).resume();
    const session = connectHttp2(site.url, { rejectUnauthorized: false });
    session.on('error', () => {});
    closed.push(new Promise((resolve) => session.once('close', resolve)));
    await Promise.all(closed);
  });
});

describe('N1: a connection that has made a request', () => {
  // So long that none is late, however busy the machine is.
  const timeouts = { headersTimeout: 5000, requestTimeout: 5000 };

  it('may stay as long as it likes between two, and while it reads events', async () => {
    let app: FastifyInstance | undefined;
    const prepare = (prepared: FastifyInstance) => {
      app = prepared;
    };
    const site = await LiveSite.start(FILES, { ...timeouts, prepare });
    const idle = rawClient(site.port);
    idle.send('GET / HTTP/1.1', 'Host: localhost');
    await expect.poll(() => idle.received, soon).toContain('<p>home');
    const reader = rawClient(site.port);
    reader.send('GET /events HTTP/1.1', 'Host: localhost');
    await expect.poll(() => reader.received, soon).toContain('position');
    // The times, and one more look at who is late.
    await new Promise((resolve) => setTimeout(resolve, 6500));
    expect([idle.isClosed, reader.isClosed]).toEqual([false, false]);
    await app?.devServe.reload();
    await expect.poll(() => reader.received, soon).toContain('"type":"reload"');
    idle.send('GET /none HTTP/1.1', 'Host: localhost', 'Connection: close');
    expect(await idle.closed).toContain('404 Not Found');
  }, 60_000);
});

describe('N1: a body that does not come to its end', () => {
  it('is answered 408, wherever it goes', async () => {
    const site = await LiveSite.start(FILES, {
      requestTimeout: 400,
      prepare: (app) => void app.post('/upload', async () => 'done'),
    });
    const clients = ['/@dev-serve/report', '/upload'].map((path) => {
      const client = rawClient(site.port);
      client.send(`POST ${path} HTTP/1.1`, ...POST, 'Content-Length: 1000');
      drip(client, 50);
      return client;
    });
    for (const client of clients) {
      const { status, body } = parseAnswer(await client.closed);
      expect([status, body]).toEqual([408, expect.stringContaining('requestTimeout is the limit')]);
    }
  });

  it('nor does it keep a connection once it was answered', async () => {
    const site = await LiveSite.start(FILES, { requestTimeout: 2000 });
    const client = rawClient(site.port);
    client.send('POST /index.html HTTP/1.1', ...POST, 'Content-Length: 1000');
    drip(client, 50);
    expect(parseAnswer(await client.closed).status).toBe(405);
  });

  it('over HTTP/2 ends its stream, and the others stay', async () => {
    let app: FastifyInstance | undefined;
    const prepare = (prepared: FastifyInstance) => {
      app = prepared;
    };
    const site = await LiveSite.start(FILES, { https: true, requestTimeout: 400, prepare });
    const session = connectHttp2(site.url, { rejectUnauthorized: false });
    onTestFinished(() => session.destroy());
    const open = session.request({ ':path': '/events' });
    let events = '';
    open.setEncoding('utf8').on('data', (text: string) => {
      events += text;
    });
    const headers = { ':method': 'POST', ':path': '/@dev-serve/report' };
    const slow = session.request({ ...headers, 'content-type': 'application/json' });
    slow.on('error', () => {}).resume();
    slow.write('{');
    await new Promise((resolve) => slow.once('close', resolve));
    await app?.devServe.reload();
    await expect.poll(() => events).toContain('"type":"reload"');
  });

  it('has a second more for each KiB: an upload that goes on is passed on whole', async () => {
    const sizes: number[] = [];
    const backend = createServer((request, response) => {
      let size = 0;
      request.on('data', (chunk: Buffer) => (size += chunk.length));
      request.on('end', () => {
        sizes.push(size);
        response.end('taken');
      });
    });
    await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void backend.close());
    const address = backend.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const options = { requestTimeout: 1000, proxy: `http://127.0.0.1:${port}` };
    const site = await LiveSite.start(FILES, options);
    const client = rawClient(site.port);
    client.send('PUT /big HTTP/1.1', ...POST, 'Content-Length: 20480', 'Connection: close');
    for (let part = 0; part < 20; part += 1) {
      client.socket.write(Buffer.alloc(1024));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(await client.closed).toContain('taken');
    expect(sizes).toEqual([20_480]);
  });

  it('is not cut off where it is the upstream that does not take it', async () => {
    let resume = () => {};
    const backend = createServer((request, response) => {
      resume = () => request.resume();
      request.on('end', () => response.end('taken'));
    });
    await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void backend.close());
    const address = backend.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const options = { requestTimeout: 100, proxy: `http://127.0.0.1:${port}` };
    const site = await LiveSite.start(FILES, options);
    const client = rawClient(site.port);
    const length = 64 * 1024 * 1024;
    client.send('PUT /big HTTP/1.1', ...POST, `Content-Length: ${length}`, 'Connection: close');
    client.socket.write(Buffer.alloc(length));
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(client.isClosed).toBe(false);
    resume();
    expect(await client.closed).toContain('taken');
  });
});
