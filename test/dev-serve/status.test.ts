import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type FastifyServerOptions, fastify } from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import devServe from '../../plugins/dev-serve.ts';
import type { DevServeOptions } from '../../plugins/dev-serve-options.ts';
import { temporarySite } from '../support/temporary-site.ts';

async function serve(
  options: Partial<DevServeOptions> & { readonly prefix?: string } = {},
  fastifyOptions: FastifyServerOptions = {},
) {
  const root = await temporarySite({ 'index.html': '<title>x</title>', 'a.css': '' });
  const app = fastify(fastifyOptions);
  onTestFinished(() => app.close());
  await app.register(devServe, { root, enabled: true, ...options });
  await app.ready();
  return { root, app };
}

const asPage = { accept: 'text/html', 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate' };

describe('the status page', () => {
  it('loads nothing but from this server, and nothing inline runs in it', async () => {
    const { app } = await serve();
    const page = await app.inject({ url: '/@dev-serve/', headers: asPage });
    expect(page.statusCode).toBe(200);
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("connect-src 'self';");
    expect(policy).not.toContain('unsafe');
    expect(page.body).not.toMatch(/<script>|\son\w+=/);
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    });
    const script = await app.inject('/@dev-serve/status.js');
    expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(script.body).toContain('EventSource');
  });

  it('is no page of the site: it carries no client', async () => {
    const { app } = await serve();
    const page = await app.inject({ url: '/@dev-serve/', headers: asPage });
    expect(page.body).not.toContain('client.js');
    const site = await app.inject({ url: '/', headers: asPage });
    expect(site.body).toContain('client.js');
  });

  it('is found without the slash too', async () => {
    const { app } = await serve();
    const answer = await app.inject('/@dev-serve');
    expect([answer.statusCode, answer.headers.location]).toEqual([302, '/@dev-serve/']);
    const { app: lenient } = await serve({}, { routerOptions: { ignoreTrailingSlash: true } });
    expect((await lenient.inject('/@dev-serve')).statusCode).toBe(200);
  });

  it('knows its ways below a prefix, with another path of the events', async () => {
    const { app } = await serve({ prefix: '/docs', eventPath: '/live/ws' });
    const { body } = await app.inject('/docs/@dev-serve/');
    expect(body).toContain('src="/docs/@dev-serve/status.js"');
    expect(body).toContain('data-status="/docs/@dev-serve/status.json"');
    expect(body).toContain('data-events="/docs/live/ws"');
    expect((await app.inject('/docs/@dev-serve')).headers.location).toBe('/docs/@dev-serve/');
    const { links } = (await app.inject('/docs/@dev-serve/status.json')).json();
    expect(links.slice(0, 3)).toEqual([
      { text: 'Event stream', href: '/docs/live/ws' },
      { text: 'WebSocket at /docs/live/ws/ws' },
      { text: 'Health', href: '/docs/@dev-serve/health' },
    ]);
  });

  it('does without an event stream where there is none', async () => {
    const { app } = await serve({ streamMethod: 'websocket' });
    expect((await app.inject('/@dev-serve/')).body).toContain('data-events=""');
    const { links } = (await app.inject('/@dev-serve/status.json')).json();
    expect(links[0]).toEqual({ text: 'WebSocket at /events/ws' });
  });
});

describe('its data', () => {
  it('tell the tabs without their ids, and the changes with what came of them', async () => {
    const { app, root } = await serve();
    const payload = { tab: 'secret-id-1', page: '/<b>?q', type: 'open', title: '<i>' };
    await app.inject({ method: 'POST', url: '/@dev-serve/report', payload });
    await writeFile(join(root, 'a.css'), 'a{}');
    const read = async () => (await app.inject('/@dev-serve/status.json')).json();
    await expect.poll(async () => (await read()).changes.length).toBe(1);
    const status = await read();
    expect(JSON.stringify(status)).not.toContain('secret-id');
    expect(status).toMatchObject({
      uptime: expect.any(Number),
      streams: 0,
      tabs: [
        { page: '/<b>?q', title: '<i>', browser: 'Unknown browser', since: expect.any(Number) },
      ],
      changes: [{ event: { path: '/a.css', operation: 'write' } }],
      settings: expect.any(Object),
    });
  });

  it('are for pages of this server alone, and kept by no cache', async () => {
    const { app } = await serve();
    const ask = (headers: Record<string, string>) =>
      app.inject({ url: '/@dev-serve/status.json', headers });
    expect((await ask({ origin: 'https://evil.example' })).statusCode).toBe(403);
    expect((await ask({ 'sec-fetch-site': 'cross-site' })).statusCode).toBe(403);
    expect((await ask({ host: 'evil.example' })).statusCode).toBe(403);
    const answer = await ask({ 'sec-fetch-site': 'same-origin' });
    expect([answer.statusCode, answer.headers['cache-control']]).toEqual([200, 'no-store']);
  });
});
