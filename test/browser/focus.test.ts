import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasChromium, quietWindow, soon, useChromium } from '../support/chromium.ts';
import { LiveSite } from '../support/live-site.ts';

const chromium = useChromium();

const form = `<input id="first" value="first text"><input name="second" value="second text">
  <input id="number" type="number" value="42"><button>ok</button>
  <div style="height: 5000px"></div><a href="/">far away</a>`;

/** A page whose form comes from a script: long after its load, if not `when` else. */
const page = (text: string, script = '', when = 'setTimeout(start, 300)') => `<!doctype html>
  <html><head><title>${text}</title></head><body><input id="other"><main></main><script>
    const build = () => {
      document.querySelector('main').innerHTML = \`${form}\`;
      document.title += ' is built';
    };
    const start = () => { build(); ${script} };
    ${when};
  </script></body></html>`;

const isBuilt = (tab: Page, text: string) =>
  expect.poll(() => tab.title(), soon).toBe(`${text} is built`);

/** The element that has the focus, and what is selected in it. */
const focused = (tab: Page) =>
  tab.evaluate(() => {
    const { activeElement: element } = document;
    const isText = element instanceof HTMLInputElement;
    const place = [element?.localName, element?.getAttribute('name') ?? element?.id];
    return isText ? [...place, element.selectionStart, element.selectionEnd] : place;
  });

async function open() {
  const site = await LiveSite.start({ 'index.html': page('one') });
  const tab = await (await chromium.newContext()).newPage();
  await tab.goto(site.url);
  await isBuilt(tab, 'one');
  return { site, tab };
}

const select = (tab: Page, selector: string) =>
  tab.evaluate((chosen) => {
    const element = document.querySelector<HTMLInputElement>(chosen);
    element?.focus({ preventScroll: true });
    if (element?.selectionStart !== null) element?.setSelectionRange?.(2, 4);
  }, selector);

describe.skipIf(!hasChromium)('the focus', () => {
  it('is where it was after a reload, and so is the selection', async () => {
    const { site, tab } = await open();
    const cases = [
      ['#first', ['input', 'first', 2, 4]],
      ['[name=second]', ['input', 'second', 2, 4]],
      ['#number', ['input', 'number', null, null]],
      ['a', ['a', '']],
    ] as const;
    for (const [selector, expected] of cases) {
      await select(tab, selector);
      expect(await focused(tab)).toEqual(expected);
      await site.write('index.html', page(selector));
      await isBuilt(tab, selector);
      await expect.poll(() => focused(tab), soon).toEqual(expected);
    }
    // The link is far down: giving it the focus has not scrolled there.
    expect(await tab.evaluate('scrollY')).toBe(0);
  });

  it('is not taken from what the page or its user has given it to', async () => {
    const { site, tab } = await open();
    await select(tab, '#first');
    await site.write('index.html', page('two', 'document.querySelector("button").focus()'));
    await isBuilt(tab, 'two');
    await quietWindow(200);
    expect(await focused(tab)).toEqual(['button', '']);
    await select(tab, '#first');
    await site.write('index.html', page('three', '', ''));
    await expect.poll(() => tab.title(), soon).toBe('three');
    await tab.mouse.click(300, 300);
    await tab.evaluate('start()');
    await isBuilt(tab, 'three');
    await quietWindow(200);
    expect(await focused(tab)).toEqual(['body', '']);
  });

  it('is given back again to an element that the page replaces, not to one that loses it', async () => {
    const { site, tab } = await open();
    await select(tab, '#first');
    await site.write('index.html', page('two', 'setTimeout(build, 300)'));
    await isBuilt(tab, 'two is built');
    await expect.poll(() => focused(tab), soon).toEqual(['input', 'first', 2, 4]);
    await tab.evaluate(() => document.querySelector<HTMLElement>('#first')?.blur());
    await quietWindow(200);
    expect(await focused(tab)).toEqual(['body', '']);
  });

  it('is given back in a frame, but not taken from the page around it', async () => {
    const outer = (text: string) =>
      `<!doctype html><html><head></head><body>${text}<input id="outer"><iframe src="/frame.html"></iframe></body></html>`;
    const site = await LiveSite.start({ 'index.html': outer('one'), 'frame.html': page('frame') });
    const tab = await (await chromium.newContext()).newPage();
    await tab.goto(site.url);
    const frame = tab.frameLocator('iframe');
    const first = frame.locator('#first');
    const hasFocus = () =>
      first.evaluate((element) => element.ownerDocument.activeElement === element, null, soon);
    await first.focus();
    await site.write('index.html', outer('two'));
    await expect.poll(() => tab.textContent('body'), soon).toContain('two');
    await expect.poll(hasFocus, soon).toBe(true);
    expect(await focused(tab)).toEqual(['iframe', '']);
    await tab.focus('#outer');
    await site.write('index.html', outer('three'));
    await expect.poll(() => tab.textContent('body'), soon).toContain('three');
    await first.waitFor();
    await quietWindow(200);
    expect(await focused(tab)).toEqual(['input', 'outer', 0, 0]);
  });
});
