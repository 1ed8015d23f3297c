import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';
import { inject, onTestFinished } from 'vitest';

/** Whether there is a browser to drive; without one its tests are skipped, and that was said. */
export const hasChromium = inject('chromiumPath') !== undefined;

/** For `expect.poll`: a browser on a busy machine takes its time. */
export const soon = { timeout: 20_000 } as const;

interface Chromium {
  /** A new profile, until the test ends. */
  newContext(options?: BrowserContextOptions): Promise<BrowserContext>;
}

/** One browser for all files that this process tests: to start one takes longer than most tests. */
const browsers = new Map<string, Promise<Browser>>();

/** Chromium without windows, with these arguments. */
export function useChromium(...args: readonly string[]): Chromium {
  return chromiumAt('headlessShellPath', args);
}

/** All of Chromium, for what its windows have a part in: closing them, going back in history. */
export function useWholeChromium(): Chromium {
  return chromiumAt('chromiumPath', []);
}

function chromiumAt(
  place: 'chromiumPath' | 'headlessShellPath',
  args: readonly string[],
): Chromium {
  return {
    async newContext(options) {
      const browser = await browserAt(inject(place) ?? '', args);
      const context = await browser.newContext(options);
      onTestFinished(() => context.close());
      return context;
    },
  };
}

/** Playwright ends it with this process. */
function browserAt(executablePath: string, args: readonly string[]): Promise<Browser> {
  const key = [executablePath, ...args].join(' ');
  const known = browsers.get(key);
  if (known !== undefined) return known;
  const browser = chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', ...args],
    // Users have it: a page that is left is kept, and comes back as it was.
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  });
  browsers.set(key, browser);
  return browser;
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
