import { type BrowserType, firefox, type Page, webkit } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { hasChromium, useChromium } from './chromium.ts';

export interface TestedBrowser {
  readonly name: string;
  /** Whether it is there to be driven; where it is not, its tests are skipped, and that was said. */
  readonly isThere: boolean;
  /** A page in a new profile, until the test ends. */
  newPage(): Promise<Page>;
}

/** Chromium, and the browsers that variables name: they have to be ones that Playwright can drive. */
export const browsers: readonly TestedBrowser[] = [
  {
    name: 'Chromium',
    isThere: hasChromium,
    newPage: async () => (await useChromium().newContext()).newPage(),
  },
  named('Firefox', 'FIREFOX_PATH', firefox),
  named('WebKit', 'WEBKIT_PATH', webkit),
];

function named(name: string, variable: string, type: BrowserType): TestedBrowser {
  const executablePath = process.env[variable] ?? '';
  if (executablePath === '') {
    console.warn(
      `\n!!! NO ${name.toUpperCase()}: ITS TESTS ARE SKIPPED. Set ${variable} to its path.\n`,
    );
  }
  return {
    name,
    isThere: executablePath !== '',
    async newPage() {
      const browser = await type.launch({ executablePath });
      onTestFinished(() => browser.close());
      return browser.newPage();
    },
  };
}
