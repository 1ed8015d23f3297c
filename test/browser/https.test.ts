import { describe, expect, it, vi } from 'vitest';
import { hasChromium, soon, useChromium } from '../support/chromium.ts';
import { LiveSite } from '../support/live-site.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

// What a user clicks away once; Playwright's own option leaves WebSockets of workers out.
const chromium = useChromium('--ignore-certificate-errors');
const page = (text: string) => `<!doctype html><head></head><body><p>${text}</p></body>`;

describe.skipIf(!hasChromium)('a site over https', () => {
  it.each(['sse', 'websocket'] as const)('is followed over %s', async (streamMethod) => {
    vi.stubEnv('XDG_CACHE_HOME', temporaryDirectory());
    const options = { https: true, streamMethod, onNotice: () => {} };
    const site = await LiveSite.start({ 'index.html': page('one') }, options);
    vi.unstubAllEnvs();
    const context = await chromium.newContext();
    const tab = await context.newPage();
    await tab.goto(site.url);
    const protocol = await tab.evaluate(() => {
      const [entry] = performance.getEntriesByType('navigation');
      return entry instanceof PerformanceNavigationTiming ? entry.nextHopProtocol : '';
    });
    expect(protocol).toBe('h2');
    await expect.poll(() => site.openStreams, soon).toBe(1);
    await site.write('index.html', page('two'));
    await expect.poll(() => tab.textContent('p'), soon).toBe('two');
  });
});
