import { describe, expect, it, onTestFinished } from 'vitest';
import type { Notice } from '../../plugins/dev-serve.ts';
import { createDevServer } from '../../server/create-dev-server.ts';
import { temporarySite } from '../support/temporary-site.ts';

async function start(files: Record<string, string> = {}) {
  const notices: Notice[] = [];
  const server = await createDevServer({
    root: await temporarySite(files),
    onNotice: (notice) => notices.push(notice),
  });
  onTestFinished(() => server.close());
  return { app: server.app, notices };
}

describe('a route of the app that fails', () => {
  it('is told in one line, with the place', async () => {
    const { app, notices } = await start();
    app.get('/api/:id', () => {
      throw new Error('no such\ntable');
    });
    expect((await app.inject('/api/1?a=b')).statusCode).toBe(500);
    const text = expect.stringMatching(
      /^GET \/api\/1 failed: "no such\\u\{a\}table" \(at [^\n]+notices\.test\.ts:\d+:\d+\)+$/,
    );
    expect(notices).toEqual([{ kind: 'failed-route', page: '/api/1', text }]);
  });

  it('as often as a client likes is told ten times, and then once a second', async () => {
    const { app, notices } = await start();
    app.get('/fails', () => {
      throw new Error('no table');
    });
    const begin = performance.now();
    for (let count = 0; count < 300; count += 1) await app.inject('/fails');
    const seconds = Math.floor((performance.now() - begin) / 1000);
    expect(notices.length).toBeGreaterThanOrEqual(10);
    expect(notices.length).toBeLessThanOrEqual(11 + seconds);
  });

  it('on purpose, with a status below 500, is not', async () => {
    const { app, notices } = await start();
    app.get('/none', () => {
      throw Object.assign(new Error('none'), { statusCode: 404 });
    });
    expect((await app.inject('/none')).statusCode).toBe(404);
    expect(notices).toEqual([]);
  });
});

describe('a page with the name of the event stream', () => {
  it('is found by browsers, and the stream by whoever asks for one', async () => {
    const { app } = await start({ 'events.html': '<!doctype html><p>events' });
    const page = await app.inject({ url: '/events', headers: { accept: 'text/html' } });
    expect(page.headers.location).toBe('./events.html');
    expect((await app.inject('/events.html')).body).toContain('<p>events');
    const stream = await app.inject({
      method: 'HEAD',
      url: '/events',
      headers: { accept: 'text/event-stream' },
    });
    expect(stream.headers['content-type']).toMatch(/^text\/event-stream/);
  });
});
