import { once } from 'node:events';
import { rename, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { join } from 'node:path';
import { createParser } from 'eventsource-parser';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { createDevServer, type DevServerOptions } from '../../server/create-dev-server.ts';
import { temporarySite } from '../support/temporary-site.ts';

const FILES = { 'index.html': '<title>x</title>', 'css/a b.css': 'a{}', '.env': 'SECRET' };

async function serve(
  options: Partial<DevServerOptions> = {},
  files: Readonly<Record<string, string>> = FILES,
) {
  const root = await temporarySite(files);
  const server = await createDevServer({ host: '127.0.0.1', port: 0, ...options, root });
  onTestFinished(() => server.close());
  return { root, server, url: await server.listen() };
}

/** The data of each event that a plain reader of the stream is sent. */
async function readEvents(url: string, headers: Record<string, string> = {}): Promise<string[]> {
  const data: string[] = [];
  const parser = createParser({
    onEvent: (event) => {
      if (event.event === undefined) data.push(event.data);
    },
  });
  const request = get(url, { agent: false, headers });
  request.on('error', () => {});
  onTestFinished(() => void request.destroy());
  const [response] = await once(request, 'response');
  response.setEncoding('utf8').on('data', (chunk: string) => parser.feed(chunk));
  return data;
}

async function readSocket(url: string): Promise<string[]> {
  const data: string[] = [];
  const socket = new WebSocket(url.replace('http', 'ws'));
  onTestFinished(() => socket.terminate());
  socket.on('message', (frame) => data.push(frame.toString()));
  await once(socket, 'open');
  return data;
}

describe('file events', () => {
  // On a machine so busy that the new name is read after the grace of the old one, it is no rename.
  it('are the same one line of JSON on both transports', { retry: 2 }, async () => {
    const { root, url } = await serve();
    const overSSE = await readEvents(`${url}events`);
    const overWebSocket = await readSocket(`${url}events/ws`);
    await writeFile(join(root, 'css/a b.css'), 'b{}');
    await expect.poll(() => overSSE.length).toBe(1);
    await rename(join(root, 'css/a b.css'), join(root, 'new.css'));
    await expect.poll(() => overSSE.length).toBe(2);
    await expect.poll(() => overWebSocket).toEqual(overSSE);
    const events = overSSE.map((line) => JSON.parse(line));
    expect(events).toEqual([
      { type: 'event', timestamp: expect.any(Number), path: '/css/a%20b.css', operation: 'write' },
      {
        type: 'event',
        timestamp: expect.any(Number),
        path: '/new.css',
        operation: 'rename',
        from: '/css/a%20b.css',
      },
    ]);
    expect(events[1].timestamp).toBeGreaterThan(events[0].timestamp);
    expect(Math.abs(events[0].timestamp - Date.now())).toBeLessThan(10_000);
    expect(overSSE.join()).not.toContain(root);
  });

  it('are offered at another path when asked', async () => {
    const { url, root } = await serve({ eventPath: '/live/changes' });
    const overSSE = await readEvents(`${url}live/changes`);
    const overWebSocket = await readSocket(`${url}live/changes/ws`);
    await writeFile(join(root, 'index.html'), 'new');
    await expect.poll(() => overWebSocket.length).toBe(1);
    await expect.poll(() => overSSE).toEqual(overWebSocket);
    expect((await fetch(`${url}events`)).status).toBe(404);
    const script = await (await fetch(`${url}@dev-serve/client.js`)).text();
    expect(script).toContain('"events":"/live/changes"');
  });

  it('come over server-sent events only with the method sse', async () => {
    const { url } = await serve({ streamMethod: 'sse' });
    await expect(readSocket(`${url}events/ws`)).rejects.toThrow();
    await readEvents(`${url}events`);
    const script = await (await fetch(`${url}@dev-serve/client.js`)).text();
    expect(script).toContain('"transports":["sse"]');
  });

  it('come over WebSocket only with the method websocket', async () => {
    const { url, root } = await serve({ streamMethod: 'websocket' });
    const data = await readSocket(`${url}events/ws`);
    await writeFile(join(root, 'index.html'), 'new');
    await expect.poll(() => data.length).toBe(1);
    const headers = { accept: 'text/event-stream' };
    expect((await fetch(`${url}events`, { headers })).status).toBe(404);
    const script = await (await fetch(`${url}@dev-serve/client.js`)).text();
    expect(script).toContain('"transports":["websocket"]');
  });

  it('of a watched directory outside of the root are announced as well', async () => {
    const views = await temporarySite({ 'page.tpl': 'a' });
    const { url } = await serve({ watch: [views] });
    const data = await readEvents(`${url}events`);
    await writeFile(join(views, 'page.tpl'), 'b');
    await expect.poll(() => data.length).toBe(1);
    expect(JSON.parse(data[0] ?? '').path).toMatch(/^\/dev-serve-\w+\/page\.tpl$/);
  });

  it('reach a caller of the API too', async () => {
    const paths: string[] = [];
    const { root } = await serve({ onChange: (event) => paths.push(event.path) });
    await writeFile(join(root, 'index.html'), 'new');
    await expect.poll(() => paths).toEqual(['/index.html']);
  });
});

describe('a site with a page at the path of the events', () => {
  const files = { ...FILES, 'events/index.html': '<title>Our events</title>' };

  it('shows the page to a browser and the stream to an EventSource', async () => {
    const { url } = await serve({}, files);
    const page = await fetch(`${url}events`, { headers: { accept: 'text/html' } });
    expect(page.url).toBe(`${url}events/`);
    expect(await page.text()).toContain('Our events');
    await readEvents(`${url}events`, { accept: 'text/event-stream' });
  });

  it('gives the stream to curl only where the site has nothing', async () => {
    const { url } = await serve();
    const answer = await fetch(`${url}events`, { headers: { accept: '*/*' } });
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    await answer.body?.cancel();
  });
});

describe('who may read the events', () => {
  it('no page of another origin, unless allowed, and only that one is granted access', async () => {
    const { url } = await serve({ allowedOrigins: ['https://app.example'] });
    const ask = async (origin: string) => {
      const response = await fetch(`${url}events`, {
        headers: { origin, accept: 'text/event-stream' },
      });
      await response.body?.cancel();
      return [response.status, response.headers.get('access-control-allow-origin')];
    };
    expect(await ask('https://evil.example')).toEqual([403, null]);
    expect(await ask('https://app.example')).toEqual([200, 'https://app.example']);
    expect(await ask(new URL(url).origin)).toEqual([200, null]);
  });

  it('no page at all may read the site across origins', async () => {
    const { url } = await serve();
    const { headers } = await fetch(url, { headers: { origin: 'https://evil.example' } });
    expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
  });
});

it('dotfiles are neither served nor announced, .well-known is', async () => {
  const { root, url } = await serve({}, { ...FILES, '.well-known/a.txt': 'known' });
  const data = await readEvents(`${url}events`);
  await writeFile(join(root, '.env'), 'OTHER');
  await writeFile(join(root, '.well-known/a.txt'), 'changed');
  await expect.poll(() => data.length).toBe(1);
  expect(JSON.parse(data[0] ?? '').path).toBe('/.well-known/a.txt');
  expect((await fetch(`${url}.env`)).status).toBe(404);
  expect(await (await fetch(`${url}.well-known/a.txt`)).text()).toBe('changed');
});
