import { createHook } from 'node:async_hooks';
import { expect, it, onTestFinished } from 'vitest';
import { createDevServer } from '../../server/create-dev-server.ts';
import { temporarySite } from '../support/temporary-site.ts';

const soon = { timeout: 20_000 };

it.each([
  ['a stylesheet', '/a.css', 'text/css,*/*;q=0.1', 200],
  ['a page', '/', 'text/html', 200],
  ['a folder without its slash', '/folder', 'text/html', 301],
])('of a quick disk, %s takes no trip to a thread', async (_what, url, accept, status) => {
  const root = await temporarySite({
    'a.css': 'a{}',
    'index.html': '<!doctype html><title>x</title>',
    'folder/index.html': '<p>x',
  });
  const server = await createDevServer({ root, port: 0, host: '127.0.0.1' });
  onTestFinished(() => server.close());
  let trips = 0;
  const hook = createHook({
    init(_id, type) {
      if (type.startsWith('FSREQ')) trips += 1;
    },
  }).enable();
  onTestFinished(() => void hook.disable());
  // The machine may have something else to do, or the watcher.
  await expect
    .poll(async () => {
      trips = 0;
      expect((await server.app.inject({ url, headers: { accept } })).statusCode).toBe(status);
      return trips;
    }, soon)
    .toBe(0);
});
