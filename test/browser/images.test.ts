import { describe, expect, it } from 'vitest';
import { hasChromium, soon, useChromium } from '../support/chromium.ts';
import { LiveSite } from '../support/live-site.ts';
import { png } from '../support/png.ts';
import { openUpdatesPage, pageWith } from '../support/updates-page.ts';

const chromium = useChromium();

const RED = [255, 0, 0] as const;
const BLUE = [0, 0, 255] as const;
const GREEN = [0, 128, 0] as const;

const ICONS = '<svg xmlns="http://www.w3.org/2000/svg"><rect id="x" width="9" height="9"/></svg>';

describe.skipIf(!hasChromium)('an edited image', () => {
  it('is shown by an open page that keeps its state', async () => {
    const svg = (width: number) => `<svg xmlns="http://www.w3.org/2000/svg" width="${width}"/>`;
    const site = await LiveSite.start({
      'index.html': '<!doctype html><html><body><img src="a.svg"></body></html>',
      'a.svg': svg(10),
    });
    const tab = await (await chromium.newContext()).newPage();
    await tab.goto(site.url);
    await tab.evaluate('window.state = 1');
    const width = () => tab.locator('img').evaluate((image) => Reflect.get(image, 'naturalWidth'));
    for (const n of [20, 30]) {
      await site.write('a.svg', svg(n));
      await expect.poll(width, soon).toBe(n);
    }
    expect(await tab.evaluate('state')).toBe(1);
  });

  it('is shown wherever a page names it, without a reload and loaded once', async () => {
    const css = {
      '/css/site.css': `@import "deep/imported.css";
        .one { background: no-repeat url("../img/background.png") }
        @media (min-width: 1px) { .one { border-image: url(/img/border.png) 1 } }
        .one { & li { list-style-image: url('../img/list.png') } }
        .one::before { content: url(../img/content.png) }
        .two { mask-image: url(../img/mask.svg); cursor: url(../img/cursor.cur), auto }
        .three { --picture: url(../img/variable.png); background-image: var(--picture) }
        .four { --place: 0 0; background: url(../img/shorthand.png) var(--place) }
        .five { background-image: image-set(url(../img/set.png) 1x) }
        .one { animation: blink 9s }
        @keyframes blink { from, to { background-image: url(../img/frame.png) } }`,
      '/css/deep/imported.css': '.five::after { content: url(../../img/imported.png) }',
    };
    const markup = {
      'img.png': '<img src="IMG?v=1&amp;a b">',
      'encoded é.png': '<img src="/img/encoded%20%C3%A9.png">',
      'srcset.png': '<img src="/other.png" srcset="IMG 1x,/other.png 2x">',
      'source.png': '<picture><source srcset="/other.png 9w, IMG"><img src="/other.png"></picture>',
      'input.png': '<input type="image" src="IMG">',
      'poster.png': '<video poster="IMG"></video>',
      'icon.png': '<link rel="shortcut icon" href="IMG">',
      'touch.png': '<link rel="apple-touch-icon" href="IMG">',
      'image.png': '<svg><image href="IMG"/></svg>',
      'xlink.png': '<svg><image xlink:href="IMG"/></svg>',
      'use.svg': '<svg><use href="IMG#x"/></svg>',
      'inline.png': '<p style="color: red; background: url(IMG) !important">',
      'table.png': '<table background="IMG"></table>',
      'lazy.png': '<p style="height: 30000px"></p><img loading="lazy" src="IMG">',
      'shadow.png': '<div><template shadowrootmode="open"><img src="IMG"></template></div>',
      'inner.png':
        '<div><template shadowrootmode="open"><style>p { background: url(IMG) }</style><p></p></template></div>',
      'adopted.png': `<script>
          const sheet = new CSSStyleSheet();
          sheet.replaceSync('body { background: url(IMG) }');
          document.adoptedStyleSheets.push(sheet);
        </script>`,
    };
    const inCss = Object.values(css).flatMap(
      (text) => text.match(/[\w-]+\.(?:png|svg|cur)/g) ?? [],
    );
    const names = [...Object.keys(markup), ...inCss];
    const { apply, tab, requests } = await openUpdatesPage(await chromium.newContext(), {
      ...css,
      ...Object.fromEntries(
        names.map((name) => [`/img/${name}`, name.endsWith('svg') ? ICONS : png(1, RED)]),
      ),
      '/other.png': png(1, RED),
      '/index.html': pageWith(
        `<link rel="stylesheet" href="/css/site.css">`,
        `<ul class="one"><li></li></ul><p class="two"><p class="three"><p class="four"><p class="five">
         ${Object.entries(markup)
           .map(([name, text]) => text.replaceAll('IMG', `/img/${name}`))
           .join('\n')}`,
      ),
    });
    // These are documents, or asked for in another mode than an image is: loaded once more.
    const differ = ['use.svg', 'mask.svg'];
    const acts: Record<string, unknown> = {};
    const expected: Record<string, unknown> = {};
    for (const name of names) {
      const path = encodeURI(`/img/${name}`);
      const isNew = (url: string) => url.startsWith(path) && /[?&]dev-serve=/.test(url);
      const act = await apply({ path });
      await tab.evaluate(() => new Promise(requestAnimationFrame));
      acts[name] = [act, differ.includes(name) || requests.filter(isNew).length];
      expected[name] = ['swap', differ.includes(name) || 1];
    }
    expect(acts).toEqual(expected);
    expect(requests.some((url) => url.startsWith('/img/img.png?v=1&a%20b&dev-serve='))).toBe(true);
    const shown: string = await tab.evaluate(() => {
      const rules = (sheet: CSSStyleSheet): string =>
        [...sheet.cssRules]
          .map((rule) =>
            rule instanceof CSSImportRule && rule.styleSheet
              ? rules(rule.styleSheet)
              : rule.cssText,
          )
          .join();
      const roots = [document, ...[...document.querySelectorAll('*')].map((e) => e.shadowRoot)];
      return roots
        .flatMap((root) => [
          root === document
            ? document.documentElement.outerHTML
            : root && Reflect.get(root, 'innerHTML'),
          ...[...(root?.styleSheets ?? []), ...(root?.adoptedStyleSheets ?? [])].map(rules),
        ])
        .join();
    });
    for (const name of names) {
      const [, end = ''] = shown.split(encodeURI(`/img/${name}?`));
      expect.soft(end.slice(0, 40), name).toContain('dev-serve=');
    }
  });

  it('stays as it was until the new one is there to be painted', async () => {
    const { apply, tab, files, hold } = await openUpdatesPage(await chromium.newContext(), {
      '/a.png': png(40, RED),
      '/site.css': 'p { width: 40px; height: 40px; background: url(a.png) }',
      '/index.html': pageWith(
        '<link rel="stylesheet" href="/site.css"><style>body { margin: 0 } img { display: block }</style>',
        '<img src="a.png"><p>',
      ),
    });
    const painted = (y: number) =>
      tab
        .screenshot({ clip: { x: 0, y, width: 1, height: 1 } })
        .then((image) => image.toString('base64'));
    const colour = async (name: string) => {
      await tab.evaluate((given) => {
        document.body.style.backgroundColor = given;
      }, name);
      return painted(300);
    };
    const [red, blue, green] = [await colour('red'), await colour('blue'), await colour('green')];
    const all = async () => [await painted(5), await painted(65)];
    expect(await all()).toEqual([red, red]);
    files['/a.png'] = png(40, BLUE);
    const release = hold('/a.png');
    const applied = apply({ path: '/a.png' });
    expect(await all()).toEqual([red, red]);
    release();
    await applied;
    expect(await all()).toEqual([blue, blue]);
    // Of two edits at once the second one is what remains.
    files['/a.png'] = png(40, RED);
    const first = apply({ path: '/a.png' });
    files['/a.png'] = png(40, GREEN);
    await Promise.all([first, apply({ path: '/a.png' })]);
    expect(await all()).toEqual([green, green]);
    // What the page makes from now on has the image that is there now.
    await tab.evaluate(() => {
      document.body.innerHTML = '<img src="a.png"><p></p>';
    });
    await expect.poll(all, soon).toEqual([green, green]);
    await tab.evaluate(() => {
      document.body.style.backgroundColor = 'white';
    });
    files['/site.css'] = 'p { width: 50px; height: 50px; background: url(a.png) }';
    await apply({ path: '/site.css' });
    expect(await all()).toEqual([green, green]);
    expect(await painted(85)).toBe(green);
  });

  it('is new for all that comes later, even where images may be cached', async () => {
    const { apply, tab, files } = await openUpdatesPage(
      await chromium.newContext(),
      { '/a.png': png(1, RED), '/index.html': pageWith('', '<img src="a.png?v=1">') },
      { headers: { 'cache-control': 'max-age=3600' } },
    );
    files['/a.png'] = png(2, BLUE);
    expect(await apply({ path: '/a.png' })).toBe('swap');
    const width = () =>
      tab.evaluate(async () => {
        const image = new Image();
        image.src = 'a.png?v=1';
        await image.decode();
        return image.naturalWidth;
      });
    expect(await width()).toBe(2);
    await tab.reload();
    expect(await width()).toBe(2);
  });

  it('appears where it was missing, and reloads the page where it is removed or was read', async () => {
    const { apply, tab, files } = await openUpdatesPage(await chromium.newContext(), {
      '/a.png': png(1, RED),
      '/drawn.png': png(1, RED),
      '/index.html': pageWith(
        '<script>new Image().src = "drawn.png"</script>',
        '<img src="a.png"><img src="late.png">',
      ),
    });
    files['/late.png'] = png(3, BLUE);
    expect(await apply({ path: '/late.png', operation: 'create' })).toBe('swap');
    expect(
      await tab
        .locator('img')
        .last()
        .evaluate((image) => Reflect.get(image, 'naturalWidth')),
    ).toBe(3);
    expect(await apply({ path: '/favicon.ico' })).toBe('swap');
    expect(await tab.locator('link[rel=icon]').getAttribute('href')).toContain('/favicon.ico?');
    expect(await apply({ path: '/favicon.ico' })).toBe('swap');
    expect(await tab.locator('link').count()).toBe(1);
    expect(await apply({ path: '/drawn.png' })).toBe('reload');
    expect(await apply({ path: '/other.png' })).toBe('none');
    expect(await apply({ path: '/a.png', operation: 'remove' })).toBe('reload');
    expect(await apply({ path: '/b.png', operation: 'rename', from: '/a.png' })).toBe('reload');
    expect(await apply({ path: '/a.png', operation: 'rename', from: '/b.png' })).toBe('swap');
  });
});
