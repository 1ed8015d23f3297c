import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
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

/** A site with a page whose status can be changed, opened while it is `status`. */
async function open(status: number) {
  const answer = { status };
  const site = await LiveSite.start(
    { 'index.html': page('index') },
    {
      prepare: (app) =>
        app.get('/page', (_request, reply) =>
          reply
            .code(answer.status)
            .type('text/html')
            .send(page(`status ${answer.status}`)),
        ),
    },
  );
  const tab = await (await chromium.newContext()).newPage();
  // As the visibility of a tab cannot be driven from here.
  await tab.addInitScript(() => {
    Object.defineProperty(document, 'hidden', { get: () => 'isHidden' in window });
  });
  await tab.goto(`${site.url}page`);
  const count = countLoads(tab);
  const asked = () => site.documents('/page');
  return { answer, site, tab, count, asked, text: () => tab.textContent('p') };
}

describe.skipIf(!hasChromium)('a page whose server is not there for the moment', () => {
  it.each([502, 504])('(%i) is reloaded once it is', async (status) => {
    const { answer, text, count, asked } = await open(status);
    await expect.poll(asked, soon).toBeGreaterThan(1);
    expect(count.loads).toBe(0);
    answer.status = 200;
    await expect.poll(text, soon).toBe('status 200');
    const total = asked();
    await quietWindow(700);
    expect(asked()).toBe(total);
    expect(count.loads).toBe(1);
  });

  it('is not asked for while it is hidden', async () => {
    const { answer, tab, text, asked } = await open(502);
    await tab.evaluate('window.isHidden = true');
    // A question may be on its way still.
    const asksMore = async () => {
      const before = asked();
      await quietWindow(1200);
      return asked() > before;
    };
    await expect.poll(asksMore, soon).toBe(false);
    const before = asked();
    answer.status = 200;
    await quietWindow(700);
    expect(asked()).toBe(before);
    await tab.evaluate(
      'delete window.isHidden; document.dispatchEvent(new Event("visibilitychange"))',
    );
    await expect.poll(text, soon).toBe('status 200');
  });

  it('waits again if it is not there again', async () => {
    const { answer, text, asked } = await open(502);
    answer.status = 404;
    await expect.poll(text, soon).toBe('status 404');
    const total = asked();
    await quietWindow(700);
    expect(asked()).toBe(total);
  });
});

describe.skipIf(!hasChromium)('a page with another error, or none', () => {
  it.each([404, 500])('(%i) is not asked for again', async (status) => {
    const { answer, asked } = await open(status);
    answer.status = 200;
    await quietWindow(700);
    expect(asked()).toBe(1);
  });

  it('is not left for one that is not there for the moment', async () => {
    const { answer, site, tab, text } = await open(200);
    await tab.evaluate('window.isKept = true');
    answer.status = 503;
    await site.remove('index.html');
    await expect.poll(text, soon).toBe('status 503');
    answer.status = 200;
    await expect.poll(text, soon).toBe('status 200');
  });
});

describe.skipIf(!hasChromium)('a page that is removed with its folder, and written again', () => {
  it.each(['docs/', 'docs/guide.html', 'docs/guide'])('is back: /%s', async (path) => {
    const files = (text: string) => ({
      'docs/index.html': page(text),
      'docs/guide.html': page(text),
      'docs/style.css': `p { color: red } /* ${text} */`,
    });
    const site = await LiveSite.start(files('one'));
    const tab = await (await chromium.newContext()).newPage();
    await tab.goto(`${site.url}${path}`);
    expect(await tab.textContent('p')).toBe('one');
    await rm(join(site.root, 'docs'), { recursive: true });
    // As long as a build takes that starts from nothing.
    await pause(1000);
    expect(await tab.textContent('p')).toBe('one');
    for (const [name, text] of Object.entries(files('two'))) await site.write(name, text);
    await expect.poll(() => tab.textContent('p'), soon).toBe('two');
  });

  it('is back where the folder is listed without it', async () => {
    const site = await LiveSite.start({ 'index.html': page('one'), 'other.txt': '' });
    const tab = await (await chromium.newContext()).newPage();
    const lines = recordConsole(tab);
    await tab.goto(site.url);
    await site.remove('index.html');
    await expect.poll(() => lines, soon).toEqual([expect.stringContaining('this page is gone')]);
    expect(await tab.textContent('p')).toBe('one');
    await site.write('index.html', page('two'));
    await expect.poll(() => tab.textContent('p'), soon).toBe('two');
  });
});
