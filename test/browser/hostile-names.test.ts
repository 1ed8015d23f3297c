import { describe, expect, it } from 'vitest';
import { hasChromium, soon, useChromium } from '../support/chromium.ts';
import { LiveSite } from '../support/live-site.ts';

const chromium = useChromium();

/** No slash: it is one name. */
const NAME = '"><img src=x onerror="window.broken=1">.css';

describe.skipIf(!hasChromium)('J3: a file whose name is markup', () => {
  it('is text to a page that follows, to the list of its folder and to the status page', async () => {
    const site = await LiveSite.start({
      'index.html': '<!doctype html><html><head></head><body><p>one</p></body></html>',
      'folder/a.txt': 'a',
    });
    const context = await chromium.newContext();
    const [page, list, status] = [
      await context.newPage(),
      await context.newPage(),
      await context.newPage(),
    ];
    await page.goto(site.url);
    await list.goto(`${site.url}folder/`);
    await status.goto(`${site.url}@dev-serve/`);
    await expect.poll(() => status.textContent('body'), soon).toContain('/folder/');

    await site.write(`folder/${NAME}`, 'a {}');
    await site.write(
      'index.html',
      '<!doctype html><html><head></head><body><p>two</p></body></html>',
    );
    await expect.poll(() => page.textContent('p').catch(() => ''), soon).toBe('two');
    await expect.poll(() => list.textContent('body').catch(() => ''), soon).toContain(NAME);
    await expect.poll(() => status.textContent('body'), soon).toContain('onerror');
    for (const tab of [page, list, status]) {
      expect(
        await tab.evaluate(() => [Reflect.get(window, 'broken'), document.images.length]),
      ).toEqual([undefined, 0]);
    }
  });
});
