import type { FastifyInstance } from 'fastify';
import { describe, expect, it } from 'vitest';
import {
  countLoads,
  hasChromium,
  quietWindow,
  recordConsole,
  soon,
  useChromium,
} from '../support/chromium.ts';
import { LiveSite } from '../support/live-site.ts';

const chromium = useChromium();

const page = (text: string) =>
  `<!doctype html><html><head></head><body><p>${text}</p></body></html>`;

/** An app that gives each load of its page another URL, so that none knows of those before it. */
function redirects(app: FastifyInstance): void {
  let visits = 0;
  let next = '';
  app.addHook('onRequest', async (request, reply) => {
    const isNavigation = request.headers['sec-fetch-mode'] === 'navigate';
    if (!isNavigation) return;
    if (request.url === next) {
      next = '';
      return;
    }
    next = `/?visit=${++visits}`;
    return reply.redirect(next);
  });
}

async function open() {
  const site = await LiveSite.start({ 'index.html': page('0') }, { prepare: redirects });
  const tab = await (await chromium.newContext()).newPage();
  // However busy the machine is, ten reloads are to take less than ten seconds.
  await tab.addInitScript(() => {
    const { now } = Date;
    const start = 1_763_673_600_000;
    Date.now = () => start + (now() - start) / 10;
  });
  const lines = recordConsole(tab);
  await tab.goto(site.url);
  return { site, tab, lines };
}

/** Changes the page each time it is loaded, until it is not reloaded any more. */
async function exhaust({ site, tab, lines }: Awaited<ReturnType<typeof open>>): Promise<number> {
  for (let n = 1; ; n++) {
    await site.write('index.html', page(String(n)));
    const isShown = async () => (await tab.textContent('p')) === String(n);
    await expect.poll(async () => lines.length > 0 || (await isShown()), soon).toBe(true);
    if (lines.length > 0) return n - 1;
  }
}

describe.skipIf(!hasChromium)('a page that is reloaded again and again', () => {
  it('stops after ten times in ten seconds, and says why, until it is reloaded by hand', async () => {
    const opened = await open();
    const { site, tab, lines } = opened;
    expect(await exhaust(opened)).toBe(10);
    expect(lines).toEqual([expect.stringContaining('this page was reloaded 10 times in 10 s')]);
    await tab.reload();
    expect(await tab.textContent('p')).toBe('11');
    await site.write('index.html', page('by hand'));
    await expect.poll(() => tab.textContent('p'), soon).toBe('by hand');
    // And it has all of a budget again: nothing more is said.
    await quietWindow();
    expect(lines).toHaveLength(1);
  });

  it('shows what it has missed when nothing has changed for ten seconds', async () => {
    const opened = await open();
    const { tab } = opened;
    await exhaust(opened);
    const count = countLoads(tab);
    await expect.poll(() => tab.textContent('p'), { timeout: 20_000 }).toBe('11');
    expect(count.loads).toBe(1);
  });
});
