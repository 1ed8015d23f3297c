import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasChromium, quietWindow, recordConsole, soon, useChromium } from '../support/chromium.ts';
import { LiveSite } from '../support/live-site.ts';

const chromium = useChromium();

const page = (text: string) =>
  `<!doctype html><html><head></head><body><p>${text}</p></body></html>`;

async function open(policy: string) {
  const site = await LiveSite.start(
    { 'index.html': page('one') },
    {
      prepare: (app) => {
        app.addHook('onRequest', async (_request, reply) => {
          reply.header('content-security-policy', policy);
        });
      },
    },
  );
  const tab = await (await chromium.newContext()).newPage();
  const errors: Error[] = [];
  tab.on('pageerror', (error) => errors.push(error));
  const lines = recordConsole(tab);
  const violations = countViolations(tab);
  await tab.goto(site.url);
  return { site, tab, errors, lines, violations };
}

function countViolations(tab: Page): { count: number } {
  const violations = { count: 0 };
  tab.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) violations.count++;
  });
  return violations;
}

describe.skipIf(!hasChromium)("a page's content security policy", () => {
  it.each([
    "script-src 'self'; connect-src 'self'",
    "default-src 'none'; script-src 'nonce-x'; connect-src 'self'",
    "default-src 'self'",
  ])('of %s lets it be reloaded', async (policy) => {
    const { site, tab, errors } = await open(policy);
    await site.write('index.html', page('two'));
    await expect.poll(() => tab.textContent('p'), soon).toBe('two');
    expect(errors).toEqual([]);
  });

  it('that forbids every connection is told of once', async () => {
    const { lines, errors, violations } = await open("default-src 'none'; script-src 'nonce-x'");
    await expect.poll(() => lines.length, soon).toBe(1);
    expect(lines[0]).toContain("connect-src 'self'");
    const before = violations.count;
    await quietWindow(1200);
    expect(violations.count).toBe(before);
    expect(lines).toHaveLength(1);
    expect(errors).toEqual([]);
  });
});
