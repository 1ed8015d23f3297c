import { describe, expect, it } from 'vitest';
import { countLoads, hasChromium, quietWindow, soon, useChromium } from '../support/chromium.ts';
import { LiveSite } from '../support/live-site.ts';

const chromium = useChromium();

const frame = (text: string) =>
  `<!doctype html><html><head></head><body><p>${text}</p></body></html>`;

describe.skipIf(!hasChromium)('a page with frames', () => {
  it.each([
    ['', 0],
    // Of another origin: it may not follow by itself.
    ['sandbox="allow-scripts"', 1],
  ])('is shown with what is in them now (<iframe %s>)', async (attributes, loads) => {
    const site = await LiveSite.start({
      'index.html': `<!doctype html><html><body><iframe ${attributes} src="/frame.html"></iframe></body></html>`,
      'frame.html': frame('one'),
    });
    const tab = await (await chromium.newContext()).newPage();
    const errors: Error[] = [];
    tab.on('pageerror', (error) => errors.push(error));
    await tab.goto(site.url);
    const count = countLoads(tab);
    await expect.poll(() => site.openStreams, soon).toBe(1);
    await site.write('frame.html', frame('two'));
    const text = tab.frameLocator('iframe').locator('p');
    await expect.poll(() => text.textContent({ timeout: 1000 }).catch(() => ''), soon).toBe('two');
    await quietWindow();
    expect(count.loads).toBe(loads);
    await expect.poll(() => site.openStreams, soon).toBe(1);
    expect(errors).toEqual([]);
  });
});
