import { describe, expect, it } from 'vitest';
import { hasChromium, useChromium } from '../support/chromium.ts';
import { openUpdatesPage, pageWith } from '../support/updates-page.ts';

const chromium = useChromium();

const files = {
  '/framed.html': pageWith('<link rel="stylesheet" href="framed.css">'),
  '/framed.css': '',
  '/inner.html': pageWith(''),
  '/quiet.html': '<!doctype html><img src="quiet.png">',
  '/quiet.png': '',
  '/picture.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
  '/inline.json': '{}',
};

const open = async (body: string) =>
  openUpdatesPage(await chromium.newContext(), { ...files, '/index.html': pageWith('', body) });

describe.skipIf(!hasChromium)('a page with frames', () => {
  it('leaves to a frame with a client what that shows, and follows for the others', async () => {
    const { apply, tab, url } = await open(
      `<iframe src="framed.html"></iframe>
       <iframe></iframe>
       <iframe src="${'http://localhost:9/foreign.html'}"></iframe>
       <iframe sandbox="allow-same-origin" src="quiet.html"></iframe>
       <iframe src="picture.svg"></iframe>
       <iframe srcdoc="<iframe src='inner.html'></iframe><script>fetch('inline.json')</script>"></iframe>
       <div><template shadowrootmode="open"><iframe src="/framed.html"></iframe></template></div>`,
    );
    expect(tab.url()).toBe(`${url}/`);
    // What a frame has fetched is recorded a moment later.
    await tab.waitForFunction(() =>
      [...document.querySelectorAll('iframe[srcdoc]')].some(
        (frame) =>
          frame instanceof HTMLIFrameElement &&
          frame.contentWindow?.performance
            .getEntriesByType('resource')
            .some(({ name }) => name.endsWith('/inline.json')),
      ),
    );
    const acts: Record<string, string> = {};
    for (const path of [...Object.keys(files), '/foreign.html', '/other.html']) {
      acts[path.slice(1)] = await apply({ path });
    }
    expect(acts).toEqual({
      'framed.html': 'none',
      'framed.css': 'none',
      'inner.html': 'none',
      'foreign.html': 'none',
      'other.html': 'none',
      // Without scripts, or no page at all: there is no client in it.
      'quiet.html': 'reload',
      'quiet.png': 'reload',
      'picture.svg': 'reload',
      'inline.json': 'reload',
    });
  });

  it('leaves a frame that is on its way to the client that it will have', async () => {
    const page = await open('');
    const release = page.hold('/framed.html');
    await page.tab.evaluate(() => {
      document.body.innerHTML = '<iframe src="framed.html"></iframe>';
    });
    expect(await page.apply({ path: '/framed.html' })).toBe('none');
    release();
    await page.tab.frameLocator('iframe').locator('link').waitFor({ state: 'attached' });
    expect(await page.apply({ path: '/framed.html' })).toBe('none');
  });

  it.each([
    '<iframe sandbox src="framed.html"></iframe>',
    '<iframe sandbox srcdoc="text"></iframe>',
  ])('follows all files where it cannot look into one: %s', async (frame) => {
    const { apply } = await open(frame);
    expect(await apply({ path: '/framed.html' })).toBe('reload');
    expect(await apply({ path: '/any.html' })).toBe('reload');
  });
});
