import { describe, expect, it } from 'vitest';
import {
  countLoads,
  hasChromium,
  quietWindow,
  soon,
  useChromium,
  useWholeChromium,
} from '../support/chromium.ts';
import { LiveSite } from '../support/live-site.ts';

const chromium = useChromium();
/** Only this one keeps pages in its history. */
const wholeChromium = useWholeChromium();

const page = (text: string) =>
  `<!doctype html><html><head></head><body><p>${text}</p></body></html>`;

describe.skipIf(!hasChromium)('a tab', () => {
  it('has a stream of its own where there is no SharedWorker', async () => {
    const site = await LiveSite.start({ 'index.html': page('one') });
    const context = await chromium.newContext();
    await context.addInitScript('delete globalThis.SharedWorker');
    const tabs = [await context.newPage(), await context.newPage()];
    for (const tab of tabs) await tab.goto(site.url);
    await expect.poll(() => site.openStreams, soon).toBe(2);
    await site.write('index.html', page('two'));
    for (const tab of tabs) await expect.poll(() => tab.textContent('p'), soon).toBe('two');
    await expect.poll(() => site.openStreams, soon).toBe(2);
  });

  it.each(['private', 'shared'])(
    'lets go of its %s stream while it is kept in the history, and catches up',
    async (kind) => {
      const site = await LiveSite.start({ 'index.html': page('one'), 'plain.txt': 'elsewhere' });
      const context = await wholeChromium.newContext();
      if (kind === 'private') await context.addInitScript('delete globalThis.SharedWorker');
      const tab = await context.newPage();
      await tab.goto(site.url);
      await expect.poll(() => site.openStreams, soon).toBe(1);
      await tab.evaluate('window.kept = true');
      await tab.goto(`${site.url}plain.txt`);
      await expect.poll(() => site.openStreams, soon).toBe(0);

      await tab.goBack({ waitUntil: 'commit' });
      await expect.poll(() => site.openStreams, soon).toBe(1);
      expect(await tab.evaluate('window.kept')).toBe(true);

      await tab.goto(`${site.url}plain.txt`);
      await expect.poll(() => site.openStreams, soon).toBe(0);
      await site.write('index.html', page('two'));
      await quietWindow(300);
      const count = countLoads(tab);
      await tab.goBack({ waitUntil: 'commit' });
      await expect.poll(() => tab.textContent('p'), soon).toBe('two');
      await quietWindow();
      // Back to the page as it was kept, and one reload.
      expect(count.loads).toBe(2);
    },
  );

  it('has one stream when its page includes the client twice', async () => {
    const twice = '<script src="/@dev-serve/client.js" data-cursor="x-1"></script>';
    const site = await LiveSite.start({ 'index.html': page('one') + twice });
    const context = await chromium.newContext();
    await context.addInitScript('delete globalThis.SharedWorker');
    const tab = await context.newPage();
    await tab.goto(site.url);
    await expect.poll(() => site.openStreams, soon).toBe(1);
    await quietWindow(300);
    expect(site.streams()).toHaveLength(1);
  });
});
