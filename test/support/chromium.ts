import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';
import { afterAll, beforeAll, inject, onTestFinished } from 'vitest';

/** Whether there is a browser to drive; without one its tests are skipped, and that was said. */
export const hasChromium = inject('chromiumPath') !== undefined;

/** For `expect.poll`: a browser on a busy machine takes its time. */
export const soon = { timeout: 10_000 } as const;

/** A browser for the tests of one file, and a new profile for each of them. */
export function useChromium(...args: readonly string[]): {
  newContext(options?: BrowserContextOptions): Promise<BrowserContext>;
} {
  let browser: Browser | undefined;
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: inject('chromiumPath') ?? '',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', ...args],
      // Users have it: a page that is left is kept, and comes back as it was.
      ignoreDefaultArgs: ['--disable-back-forward-cache'],
    });
  });
  afterAll(() => browser?.close());
  return {
    async newContext(options) {
      if (!browser) throw new Error('newContext() is for tests, not for their surroundings');
      const context = await browser.newContext(options);
      onTestFinished(() => context.close());
      return context;
    },
  };
}

/** Lets so much time pass that a reload which should not come would have been seen. */
export function quietWindow(milliseconds = 500): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Counts what a user sees as loading: the first load of a page and each reload. */
export function countLoads(page: Page): { readonly loads: number } {
  const count = { loads: 0 };
  page.on('framenavigated', (frame) => {
    if (frame === page.mainFrame() && frame.url() !== 'about:blank') count.loads++;
  });
  return count;
}

/** What the client says in the console of a page. */
export function recordConsole(page: Page): string[] {
  const lines: string[] = [];
  page.on('console', (message) => {
    if (message.text().includes('[dev-serve]')) lines.push(message.text());
  });
  return lines;
}
