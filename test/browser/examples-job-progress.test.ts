import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasChromium, soon, useChromium } from '../support/chromium.ts';
import { startExample } from '../support/example-server.ts';
import { freePort } from '../support/free-port.ts';

const bar = (page: Page) => page.evaluate("document.querySelector('progress').value");

describe.skipIf(!hasChromium)('the example job-progress', () => {
  const chromium = useChromium();

  async function open(STEP: string) {
    const port = await freePort();
    await startExample('job-progress', { port, env: { STEP } });
    const page = await (await chromium.newContext()).newPage();
    await page.goto(`http://localhost:${port}`);
    return page;
  }

  it('shows how far a job is until it is done', async () => {
    const page = await open('50');
    // By the page itself, which misses none however slow the machine is.
    await page.evaluate(() => {
      const values: number[] = [];
      Object.assign(window, { values });
      const note = (records: MutationRecord[]) => {
        for (const { oldValue } of records) values.push(Number(oldValue));
      };
      const options = { attributeFilter: ['value'], attributeOldValue: true };
      const element = document.querySelector('progress');
      if (element) new MutationObserver(note).observe(element, options);
    });
    await page.click('button');
    await expect.poll(() => page.textContent('output'), soon).toBe('Done: 20 steps');
    expect(await bar(page)).toBe(1);
    const values = await page.evaluate((): number[] => Reflect.get(window, 'values'));
    expect(new Set(values).size).toBeGreaterThan(3);
    expect(values).toEqual(values.toSorted((a, b) => a - b));
    await expect.poll(() => page.isEnabled('button'), soon).toBe(true);
  });

  it('shows it after a reload, too, and that it is done after one more', async () => {
    const page = await open('100');
    await page.click('button');
    await expect.poll(() => bar(page), soon).toBeGreaterThan(0.1);
    await page.reload();
    await expect.poll(() => bar(page), soon).toBeGreaterThan(0.1);
    await expect.poll(() => page.textContent('output'), soon).toBe('Done: 20 steps');
    await page.reload();
    await expect.poll(() => page.textContent('output'), soon).toBe('Done: 20 steps');
    expect(await bar(page)).toBe(1);
  });

  it('says so when there is no such job', async () => {
    const page = await open('50');
    await page.goto(`${page.url()}#no-such-job`);
    await page.reload();
    await expect.poll(() => page.textContent('output'), soon).toBe('There is no such job any more');
  });
});
