import Fastify from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import devServe from '../../plugins/dev-serve.ts';
import { countLoads, hasChromium, soon, useChromium } from '../support/chromium.ts';
import { LiveSite } from '../support/live-site.ts';

const chromium = useChromium();

describe.skipIf(!hasChromium)('a site below a prefix, with odd names', () => {
  it('has its stylesheets swapped and its pages reloaded', async () => {
    const page = (text: string) =>
      `<!doctype html><html><head><link rel="stylesheet" href="odd%20%23/100%25%20caf%C3%A9.css">` +
      `</head><body><p>${text}</p></body></html>`;
    // Only its folder is used: the app below serves it.
    const site = await LiveSite.start({
      'a b/index.html': page('one'),
      'a b/odd #/100% café.css': 'body { --n: 1 }',
    });
    const app = Fastify({ forceCloseConnections: true });
    onTestFinished(() => app.close());
    await app.register(devServe, { root: site.root, prefix: '/docs', enabled: true });
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    const tab = await (await chromium.newContext()).newPage();
    await tab.goto(`${url}/docs/a%20b/`);
    const count = countLoads(tab);
    const n = () => tab.evaluate(() => getComputedStyle(document.body).getPropertyValue('--n'));
    await site.write('a b/odd #/100% café.css', 'body { --n: 2 }');
    await expect.poll(n, soon).toBe('2');
    expect(count.loads).toBe(0);
    await site.write('a b/index.html', page('two'));
    await expect.poll(() => tab.textContent('p'), soon).toBe('two');
    expect(count.loads).toBe(1);
  });
});
