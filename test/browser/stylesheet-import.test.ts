import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { countLoads, hasChromium, soon, useChromium } from '../support/chromium.ts';
import { LiveSite } from '../support/live-site.ts';

const chromium = useChromium();

const styleOf = (tab: Page, property: string) =>
  tab.evaluate((name) => getComputedStyle(document.body).getPropertyValue(name), property);

async function open(head: string, files: Record<string, string>, maxAge?: string) {
  const site = await LiveSite.start(
    { ...files, 'index.html': `<!doctype html><head>${head}</head><body>text</body>` },
    {
      prepare: (app) => {
        if (!maxAge) return;
        app.addHook('onSend', async (request, reply) => {
          if (request.url.includes('.css')) reply.header('cache-control', maxAge);
        });
      },
    },
  );
  const context = await chromium.newContext();
  const tab = await context.newPage();
  await tab.goto(site.url);
  return { site, tab, count: countLoads(tab) };
}

describe.skipIf(!hasChromium)('an edited stylesheet that another one imports', () => {
  it.each(['', 'max-age=3600'])('is swapped time and again (cache-control: %j)', async (maxAge) => {
    const { site, tab, count } = await open(
      '<link rel="stylesheet" href="/css/site.css">',
      {
        'css/site.css': '@import "two.css" screen; @import url(/css/colors%2Ecss);',
        'css/two.css': '@import url("deep/three.css") layer(x);',
        'css/deep/three.css': 'body { --three: 0 }',
        'css/colors.css': 'body { --colors: 0 }',
      },
      maxAge,
    );
    for (const n of ['1', '2', '3']) {
      await site.write('css/deep/three.css', `body { --three: ${n} }`);
      await expect.poll(() => styleOf(tab, '--three'), soon).toBe(n);
      await site.write('css/colors.css', `body { --colors: ${n} }`);
      await expect.poll(() => styleOf(tab, '--colors'), soon).toBe(n);
    }
    expect(await tab.locator('link').count()).toBe(1);
    expect(count.loads).toBe(0);
  });

  it('is swapped in a style element', async () => {
    const { site, tab, count } = await open(
      '<style>@import "a.css"; body { --own: 1 }</style><style>body { --last: 1 }</style>',
      { 'a.css': 'body { --a: 0; --last: 0 }' },
    );
    for (const n of ['1', '2']) {
      await site.write('a.css', `body { --a: ${n}; --last: ${n} }`);
      await expect.poll(() => styleOf(tab, '--a'), soon).toBe(n);
    }
    expect(await styleOf(tab, '--last')).toBe('1');
    expect(await styleOf(tab, '--own')).toBe('1');
    expect(await tab.locator('style').count()).toBe(2);
    expect(count.loads).toBe(0);
  });

  it('is swapped once it exists', async () => {
    const { site, tab, count } = await open('<link rel="stylesheet" href="/a.css">', {
      'a.css': '@import "later.css";',
    });
    await site.write('later.css', 'body { --later: 1 }');
    await expect.poll(() => styleOf(tab, '--later'), soon).toBe('1');
    expect(count.loads).toBe(0);
  });
});
