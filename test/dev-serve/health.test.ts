import { expect, it, onTestFinished } from 'vitest';
import { createDevServer } from '../../server/create-dev-server.ts';
import { temporarySite } from '../support/temporary-site.ts';

it('health tells that the server is well, since when, and how many follow it', async () => {
  const root = await temporarySite({ 'index.html': '' });
  const server = await createDevServer({ root, host: '127.0.0.1', port: 0 });
  onTestFinished(() => server.close());
  const url = await server.listen();
  const ask = () => fetch(`${url}@dev-serve/health`);
  const answer = await ask();
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
  expect(answer.headers.get('content-type')).toMatch(/^application\/json\b/);
  expect(await answer.json()).toEqual({
    status: 'ok',
    uptime: expect.any(Number),
    tabs: 0,
    streams: 0,
  });

  const controller = new AbortController();
  const headers = { accept: 'text/event-stream' };
  await fetch(`${url}events`, { headers, signal: controller.signal });
  expect(await (await ask()).json()).toMatchObject({ streams: 1 });
  controller.abort();
  await expect.poll(async () => (await (await ask()).json()).streams).toBe(0);
  expect((await fetch(`${url}@dev-serve/health`, { method: 'HEAD' })).status).toBe(200);
});
