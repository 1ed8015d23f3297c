import { describe, expect, it } from 'vitest';
import { hasChromium, soon, useChromium } from '../support/chromium.ts';
import { openUpdatesPage, pageWith } from '../support/updates-page.ts';

const chromium = useChromium();

describe.skipIf(!hasChromium)('an edited stylesheet', () => {
  it('is swapped wherever it applies, which is when the page has done so', async () => {
    const names = ['preloaded', 'late', 'shadow', 'inner', 'imported', 'twice', 'missing'];
    const sheet = (name: string, n: number) => `* { --${name}: ${n} }`;
    const { apply, tab, files } = await openUpdatesPage(await chromium.newContext(), {
      ...Object.fromEntries(names.map((name) => [`/${name}.css`, sheet(name, 1)])),
      '/main.css': '@import "imported.css";',
      '/index.html': pageWith(
        `<link rel="preload" as="style" href="preloaded.css"><link rel="stylesheet" href="preloaded.css">
         <link rel="stylesheet" media="print" onload="this.media = 'all'" href="late.css">
         <link rel="stylesheet" href="main.css"><link rel="stylesheet" href="missing.css">
         <style>@import "twice.css";</style><link rel="stylesheet" href="twice.css">`,
        `<div><template shadowrootmode="open">
           <link rel="stylesheet" href="shadow.css"><style>@import "inner.css";</style><p></p>
         </template></div>`,
      ).replace('missing.css', 'missing.css?of=v 1'),
    });
    const value = (name: string) =>
      tab
        .locator('p')
        .evaluate((p, property) => getComputedStyle(p).getPropertyValue(property), `--${name}`);
    for (const n of [2, 3]) {
      for (const name of names) {
        files[`/${name}.css`] = sheet(name, n);
        expect.soft(await apply({ path: `/${name}.css` }), name).toBe('swap');
        expect.soft(await value(name), name).toBe(String(n));
      }
    }
    expect(await tab.locator('link').count()).toBe(7);
    const href = await tab.locator('link[href*="missing"]').getAttribute('href');
    expect(href).toMatch(/\/missing\.css\?of=v%201&dev-serve=\w+$/);
  });

  it('reloads the page where it is gone, or used in ways that are not seen', async () => {
    const { apply, tab } = await openUpdatesPage(await chromium.newContext(), {
      '/used.css': '',
      '/read.css': '',
      '/only-preloaded.css': '',
      '/index.html': pageWith(
        `<link rel="stylesheet" href="used.css"><link rel="stylesheet" href="read.css">
         <link rel="preload" as="style" href="only-preloaded.css">`,
        '<script>fetch("read.css")</script>',
      ),
    });
    // The browser tells of a request when it is over.
    const readings = `performance.getEntriesByType('resource')
      .filter(({ initiatorType }) => initiatorType === 'fetch').length`;
    await expect.poll(() => tab.evaluate(readings)).toBe(1);
    expect(await apply({ path: '/used.css', operation: 'remove' })).toBe('reload');
    expect(await apply({ path: '/new.css', operation: 'rename', from: '/used.css' })).toBe(
      'reload',
    );
    expect(await apply({ path: '/read.css' })).toBe('reload');
    expect(await apply({ path: '/only-preloaded.css' })).toBe('reload');
    expect(await apply({ path: '/unused.css', operation: 'remove' })).toBe('none');
    expect(await apply({ path: '/used.css', operation: 'rename', from: '/new.css' })).toBe('swap');
  });
});

describe.skipIf(!hasChromium)('where files may be cached', () => {
  it('the next page gets the stylesheet that was swapped and the script that was changed', async () => {
    const { apply, tab, files, requests } = await openUpdatesPage(
      await chromium.newContext(),
      {
        '/a.css': '* { --a: 1 }',
        '/a.js': 'var a = 1',
        '/index.html': pageWith('<link rel="stylesheet" href="a.css"><script src="a.js"></script>'),
      },
      { headers: { 'cache-control': 'max-age=3600' } },
    );
    files['/a.css'] = '* { --a: 2 }';
    files['/a.js'] = 'var a = 2';
    expect(await apply({ path: '/a.css' })).toBe('swap');
    expect(await apply({ path: '/a.js' })).toBe('reload');
    const renewed = () => requests.filter((url) => /^\/a\.(css|js)$/.test(url)).length;
    await expect.poll(renewed, soon).toBe(4);
    await tab.reload();
    expect(renewed()).toBe(4);
    expect(await tab.evaluate('a')).toBe(2);
    const a = await tab.evaluate(() => getComputedStyle(document.body).getPropertyValue('--a'));
    expect(a).toBe('2');
  });
});
