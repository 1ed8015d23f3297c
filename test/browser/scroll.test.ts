import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasChromium, quietWindow, soon, useChromium } from '../support/chromium.ts';
import { LiveSite } from '../support/live-site.ts';

const chromium = useChromium();

/** Long after the load of the page, when the browser has given up. */
const LATE_MS = 400;

/** A page whose height, and that of the boxes in it, comes from a script. */
const page = (text: string, script = `setTimeout(build, ${LATE_MS})`) => `<!doctype html>
  <html><head><title>${text}</title></head><body><main></main><script>
    const tall = '<div style="height: 5000px; width: 5000px"></div>';
    const box = (id) => '<section ' + id + ' style="height: 100px; overflow: auto">' + tall + '</section>';
    const build = () => {
      document.querySelector('main').innerHTML = box('id="named"') + box('') + tall;
      document.title += ' is built';
    };
    addEventListener('load', () => { ${script} });
  </script></body></html>`;

const spots = (tab: Page) =>
  tab.evaluate(() => {
    const boxes = [...document.querySelectorAll('section')];
    return [
      scrollX,
      scrollY,
      ...boxes.flatMap(({ scrollLeft, scrollTop }) => [scrollLeft, scrollTop]),
    ];
  });

const scroll = (tab: Page) =>
  tab.evaluate(() => {
    scrollTo(20, 3000);
    const [named, other] = document.querySelectorAll('section');
    named?.scrollTo(30, 1000);
    other?.scrollTo(40, 2000);
  });

const isBuilt = (tab: Page, text: string) =>
  expect.poll(() => tab.title(), soon).toBe(`${text} is built`);

async function open(script?: string) {
  const site = await LiveSite.start({ 'index.html': page('one', script) });
  const tab = await (await chromium.newContext()).newPage();
  await tab.goto(site.url);
  await isBuilt(tab, 'one');
  return { site, tab };
}

const SCROLLED = [20, 3000, 30, 1000, 40, 2000];

describe.skipIf(!hasChromium)('what is scrolled', () => {
  it('is so after a reload, however late scripts build the page', async () => {
    const { site, tab } = await open();
    await scroll(tab);
    await site.write('index.html', page('two'));
    await isBuilt(tab, 'two');
    await expect.poll(() => spots(tab), soon).toEqual(SCROLLED);
    // Reloaded again before it is built, twice.
    await site.write('index.html', page('three', ''));
    await expect.poll(() => tab.title(), soon).toBe('three');
    await site.write('index.html', page('four', ''));
    await expect.poll(() => tab.title(), soon).toBe('four');
    await site.write('index.html', page('five'));
    await isBuilt(tab, 'five');
    await expect.poll(() => spots(tab), soon).toEqual(SCROLLED);
  });

  it('is so even if the page is emptied and built again', async () => {
    const { site, tab } = await open();
    await scroll(tab);
    const twice = `build();
      setTimeout(() => document.querySelector('main').replaceChildren(), 200);
      setTimeout(build, 400)`;
    await site.write('index.html', page('two', twice));
    await isBuilt(tab, 'two is built');
    await expect.poll(() => spots(tab), soon).toEqual(SCROLLED);
  });

  it('stays where the user, or the page, has scrolled it meanwhile', async () => {
    const { site, tab } = await open();
    await scroll(tab);
    await site.write('index.html', page('two', ''));
    await expect.poll(() => tab.title(), soon).toBe('two');
    await tab.mouse.wheel(0, 1);
    await tab.evaluate('build()');
    await quietWindow(200);
    expect(await spots(tab)).toEqual([0, 0, 0, 0, 0, 0]);
    await scroll(tab);
    await site.write('index.html', page('three'));
    await isBuilt(tab, 'three');
    await expect.poll(() => spots(tab), soon).toEqual(SCROLLED);
    await tab.evaluate('scrollTo(0, 0)');
    await quietWindow(200);
    expect(await spots(tab)).toEqual([0, 0, 30, 1000, 40, 2000]);
  });

  it('is left to a page that says so', async () => {
    const { site, tab } = await open();
    await tab.evaluate('history.scrollRestoration = "manual"');
    await scroll(tab);
    await site.write('index.html', page('two'));
    await isBuilt(tab, 'two');
    await quietWindow(200);
    expect(await spots(tab)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('leaves nothing behind in the storage of the tab', async () => {
    const { site, tab } = await open('build()');
    const left = () =>
      tab.evaluate(() => Object.keys(sessionStorage).filter((key) => /left/.test(key)));
    await scroll(tab);
    await site.write('index.html', page('two', 'build()'));
    await isBuilt(tab, 'two');
    await expect.poll(left, soon).toEqual([]);
  });

  it('is so in a frame, too, whose outer page is reloaded', async () => {
    const outer = (text: string) =>
      `<!doctype html><html><head></head><body>${text}<iframe src="/frame.html"></iframe></body></html>`;
    const site = await LiveSite.start({ 'index.html': outer('one'), 'frame.html': page('frame') });
    const tab = await (await chromium.newContext()).newPage();
    await tab.goto(site.url);
    const frame = () =>
      tab
        .frame({ url: /frame/ })
        ?.evaluate(() => [scrollX, scrollY, document.title])
        .catch(() => undefined);
    await expect.poll(frame, soon).toEqual([0, 0, 'frame is built']);
    await tab.frame({ url: /frame/ })?.evaluate(() => scrollTo(20, 3000));
    await site.write('index.html', outer('two'));
    await expect.poll(() => tab.textContent('body'), soon).toContain('two');
    await expect.poll(frame, soon).toEqual([20, 3000, 'frame is built']);
  });
});
