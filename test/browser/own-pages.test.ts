import type { BrowserContext, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { countLoads, hasChromium, quietWindow, soon, useChromium } from '../support/chromium.ts';
import { LiveSite } from '../support/live-site.ts';

const chromium = useChromium();

const page = (text: string) => `<!doctype html><title>x</title><p>${text}</p>`;

async function open(context: BrowserContext, site: LiveSite, path: string) {
  const tab = await context.newPage();
  const problems: string[] = [];
  tab.on('pageerror', (error) => problems.push(String(error)));
  tab.on('dialog', (dialog) => void dialog.dismiss().then(() => problems.push('a dialog')));
  tab.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) problems.push(message.text());
  });
  const response = await tab.goto(site.url + path);
  return { tab, problems, status: response?.status() };
}

const textOf = (tab: Page) => tab.evaluate(() => document.body?.innerText ?? '');

/** The worst contrast of any text of the page with what is behind it, as WCAG counts it. */
const contrastOf = (tab: Page) =>
  tab.evaluate(() => {
    const channels = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
    const luminance = (color: string) => {
      const [r = 0, g = 0, b = 0] = channels(color).map((value) => {
        const part = value / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (element: Element | null): string => {
      if (element === null) return 'rgb(255, 255, 255)';
      const color = getComputedStyle(element).backgroundColor;
      return channels(color)[3] === 0 ? behind(element.parentElement) : color;
    };
    const ratios = [...document.querySelectorAll('body *')].map((element) => {
      const text = luminance(getComputedStyle(element).color);
      const ground = luminance(behind(element));
      return (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05);
    });
    return { worst: Math.min(...ratios), page: behind(document.body) };
  });

describe.skipIf(!hasChromium)('a page of our own', () => {
  it('for a missing file turns into the file when that is there', async () => {
    const site = await LiveSite.start({ 'a.txt': '' });
    const { tab, problems, status } = await open(await chromium.newContext(), site, 'docs/later');
    expect(status).toBe(404);
    expect(await textOf(tab)).toContain('There is no file for this address.');
    await site.write('docs/later.html', page('here'));
    await expect.poll(() => textOf(tab), soon).toBe('here');
    expect(problems).toEqual([]);
  });

  it('for a route that failed is followed by the route', async () => {
    let fails = true;
    const site = await LiveSite.start(
      { 'data.json': '1' },
      {
        prepare: (app) =>
          void app.get('/made', async (_request, reply) => {
            if (fails) throw new Error('not yet');
            return reply.type('text/html').send(page('made'));
          }),
      },
    );
    const { tab, status } = await open(await chromium.newContext(), site, 'made');
    expect(status).toBe(500);
    expect(await textOf(tab)).not.toContain('not yet');
    fails = false;
    await site.write('view.tpl', '2');
    await expect.poll(() => textOf(tab), soon).toBe('made');
  });

  it('that lists a folder follows what comes and goes, and leads on', async () => {
    const site = await LiveSite.start({ 'docs/a.txt': '', 'docs/guide.html': page('guide') });
    const { tab, problems } = await open(await chromium.newContext(), site, 'docs');
    expect(tab.url()).toBe(`${site.url}docs/`);
    await site.write('docs/b.txt', '');
    await expect.poll(() => textOf(tab), soon).toContain('b.txt');
    await site.remove('docs/a.txt');
    await expect.poll(() => textOf(tab), soon).not.toContain('a.txt');
    await site.write('docs/deep/c.txt', '');
    await expect.poll(() => textOf(tab), soon).toContain('deep/');
    await tab.click('text=guide.html');
    await expect.poll(() => textOf(tab), soon).toBe('guide');
    expect(problems).toEqual([]);
  });

  it('is not run by what files are called', async () => {
    const names = [
      '<img src=x onerror=alert(1)>.txt',
      '"><script>alert(1)<',
      "' onmouseover='alert(1)",
      'a\u202egpj.txt',
      '#?%41&amp;.txt',
    ];
    const site = await LiveSite.start(Object.fromEntries(names.map((name) => [name, name])));
    const { tab, problems } = await open(await chromium.newContext(), site, '');
    expect(await tab.locator('img, main script, [onmouseover], [onerror]').count()).toBe(0);
    const links = await tab
      .locator('td a')
      .evaluateAll((all) =>
        all.map((link) => (link instanceof HTMLAnchorElement ? link.href : '')),
      );
    expect(links).toHaveLength(names.length);
    const answers = await Promise.all(links.map(async (link) => (await fetch(link)).text()));
    expect(answers.toSorted()).toEqual(names.toSorted());
    await tab.goto(`${site.url}%3Cimg%20src=x%20onerror=alert(1)%3E`);
    expect(await tab.locator('main img').count()).toBe(0);
    expect(problems).toEqual([]);
  });

  it('can be read in light and in dark, on large and on small screens', async () => {
    const site = await LiveSite.start({ 'docs/a-rather-long-name-of-a-file.txt': '', 'b.txt': '' });
    const { tab } = await open(await chromium.newContext(), site, '');
    const grounds = new Set<string>();
    for (const path of ['', 'docs/', 'missing']) {
      await tab.goto(site.url + path);
      for (const colorScheme of ['light', 'dark'] as const) {
        await tab.emulateMedia({ colorScheme });
        const { worst, page: ground } = await contrastOf(tab);
        expect(worst).toBeGreaterThan(4.5);
        grounds.add(ground);
      }
      await tab.setViewportSize({ width: 320, height: 600 });
      const overflow = 'document.documentElement.scrollWidth - innerWidth';
      expect(await tab.evaluate(overflow)).toBeLessThanOrEqual(0);
    }
    expect(grounds.size).toBe(2);
  });
});

describe.skipIf(!hasChromium)('a page in place of another', () => {
  it('is followed itself, until the other is there: 404.html', async () => {
    const site = await LiveSite.start({
      'docs/404.html': '<!doctype html><link rel=stylesheet href=style.css><p>no such page</p>',
      'docs/style.css': 'p { color: rgb(1, 2, 3) }',
    });
    const { tab, status } = await open(await chromium.newContext(), site, 'docs/later');
    expect(status).toBe(404);
    const color = () => tab.locator('p').evaluate((p) => getComputedStyle(p).color);
    expect(await color()).toBe('rgb(1, 2, 3)');
    await site.write('docs/404.html', page('still no such page'));
    await expect.poll(() => textOf(tab), soon).toBe('still no such page');
    await site.write('docs/later.html', page('here'));
    await expect.poll(() => textOf(tab), soon).toBe('here');
  });

  it('is followed at every address: the page of an app that makes its views', async () => {
    const view = '<!doctype html><body><script>document.body.append(location.pathname)</script>';
    const site = await LiveSite.start({ 'index.html': `${view}one` }, { spa: true });
    const { tab, status } = await open(await chromium.newContext(), site, 'users/jane');
    expect([status, await textOf(tab)]).toEqual([200, '/users/janeone']);
    const count = countLoads(tab);
    await site.write('index.html', `${view}two`);
    await expect.poll(() => textOf(tab), soon).toBe('/users/janetwo');
    await quietWindow();
    expect(count.loads).toBe(1);
  });
});
