import type { BrowserContext } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasChromium, soon, useChromium } from '../support/chromium.ts';
import { openUpdatesPage, pageWith } from '../support/updates-page.ts';

const chromium = useChromium();

const files = { '/index.html': pageWith(''), '/thread.js': '', '/sheet.css': '' };

const open = async (context?: BrowserContext) =>
  openUpdatesPage(context ?? (await chromium.newContext()), files);

describe.skipIf(!hasChromium)(
  'a page that may have loaded files unseen is reloaded for any',
  () => {
    it('a thread', async () => {
      const { apply, tab } = await open();
      for (const script of [
        'new Worker("thread.js")',
        'new (class extends Worker {})("thread.js")',
        'new Worker(URL.createObjectURL(new Blob([""])))',
        'new SharedWorker("thread.js")',
        'new OfflineAudioContext(1, 1, 9000).audioWorklet.addModule("thread.js")',
      ]) {
        await tab.reload();
        expect(await apply({ path: '/other.js' })).toBe('none');
        await tab.evaluate(script);
        expect.soft(await apply({ path: '/other.js' }), script).toBe('reload');
      }
      expect(await apply({ path: '/other.js', operation: 'chmod' })).toBe('none');
    });

    it('a service worker', async () => {
      const { apply, tab } = await open();
      await tab.evaluate(async () => {
        await navigator.serviceWorker.register('thread.js');
        await navigator.serviceWorker.ready;
      });
      expect(await apply({ path: '/other.js' })).toBe('none');
      await tab.reload();
      expect(await apply({ path: '/other.js' })).toBe('reload');
    });

    it('a redirect to a file', async () => {
      const { apply, tab } = await open();
      await tab.evaluate(() => fetch('/thread.js'));
      expect(await apply({ path: '/other.js' })).toBe('none');
      await tab.evaluate(() => fetch('/redirect/to/thread.js'));
      expect(await apply({ path: '/other.js' })).toBe('reload');
    });

    it('more loads before the client than the browser keeps', async () => {
      const { apply } = await openUpdatesPage(await chromium.newContext(), {
        '/index.html': `<script>performance.setResourceTimingBufferSize(1)</script>
        <script src="a.js"></script><script src="b.js"></script><script src="/client.js"></script>`,
      });
      expect(await apply({ path: '/other.js' })).toBe('reload');
    });
  },
);

describe.skipIf(!hasChromium)('a load that was under way at a change', () => {
  it('brings the change up again, unless it began afterwards', async () => {
    const { apply, tab, hold } = await open();
    const release = hold('/slow.json');
    await tab.evaluate(() => {
      Object.assign(window, { loaded: fetch('/slow.json') });
    });
    expect(await apply({ path: '/slow.json' })).toBe('none');
    expect(await apply({ path: '/later.json' })).toBe('none');
    await tab.evaluate(() => fetch('/later.json'));
    expect(await tab.evaluate('missed')).toEqual([]);
    release();
    await expect.poll(() => tab.evaluate('missed'), soon).toEqual(['/slow.json']);
    expect(await apply({ path: '/slow.json' })).toBe('reload');
  });
});
