import type { FastifyInstance } from 'fastify';
import { describe, expect, it } from 'vitest';
import { hasChromium, quietWindow, soon, useChromium } from '../support/chromium.ts';
import { LiveSite } from '../support/live-site.ts';

const chromium = useChromium();

interface Report {
  readonly tab: string;
  readonly page: string;
  readonly type: string;
  readonly title?: string;
  readonly changes?: readonly {
    readonly timestamp: number;
    readonly act: string;
    readonly ago: number;
  }[];
  readonly entries?: readonly { readonly kind: string; readonly text: string }[];
}

const page = (text: string) => `<!doctype html><html><head><title>${text}</title>
  <link rel="stylesheet" href="/style.css"></head><body><p>${text}</p></body></html>`;

const ago = expect.any(Number);

const files = { 'index.html': page('one'), 'other.html': page('other'), 'style.css': '' };

/** Opens a site whose server keeps what is reported to it. */
async function open() {
  const timestamps: number[] = [];
  const reports: Report[] = [];
  let app: FastifyInstance | undefined;
  const site = await LiveSite.start(files, {
    onChange: ({ timestamp }) => void timestamps.push(timestamp),
    prepare: (prepared) => {
      app = prepared;
      app.addHook('preHandler', async ({ url, body }) => {
        if (url === '/@dev-serve/report') reports.push(JSON.parse(String(body)));
      });
    },
  });
  const tab = await (await chromium.newContext()).newPage();
  await tab.goto(site.url);
  await expect.poll(() => reports, soon).toHaveLength(1);
  const done = () => reports.flatMap(({ changes = [] }) => changes);
  const pages = (of: string) =>
    reports.filter(({ type }) => type === of).map((report) => report.page);
  const reload = () => app?.devServe.reload();
  return { site, tab, reports, timestamps, done, pages, reload };
}

describe.skipIf(!hasChromium)('a tab reports', () => {
  it('that it is open, what it does about each change, and that it is left', async () => {
    const { site, tab, reports, timestamps, done, pages } = await open();
    const [{ tab: id, ...opened } = {}] = reports;
    const build = expect.any(Number);
    expect(opened).toEqual({ page: '/', type: 'open', title: 'one', build });
    expect(id).toMatch(/^\w{8,}$/);
    await expect.poll(() => site.openStreams, soon).toBe(1);

    await site.write('style.css', 'p { color: red }');
    await expect.poll(() => done().length, soon).toBe(1);
    expect(done()).toEqual([{ timestamp: timestamps[0], act: 'swap', ago }]);

    await site.write('index.html', page('two'));
    await expect.poll(() => done().length, soon).toBe(2);
    expect(done()[1]).toEqual({ timestamp: timestamps[1], act: 'reload', ago });

    await expect.poll(() => pages('open'), soon).toEqual(['/', '/']);
    await tab.goto(`${site.url}other.html?query#fragment`);
    await expect.poll(() => pages('open'), soon).toEqual(['/', '/', '/other.html?query']);
    await tab.goBack({ waitUntil: 'commit' });
    await expect.poll(() => pages('open'), soon).toEqual(['/', '/', '/other.html?query', '/']);
    await expect.poll(() => pages('close'), soon).toEqual(['/', '/', '/other.html?query']);
    expect(new Set(reports.map(({ tab }) => tab))).toEqual(new Set([id]));
    expect(done()).toHaveLength(2);
  });

  it('many changes together', async () => {
    const { site, reports, timestamps, done } = await open();
    await expect.poll(() => site.openStreams, soon).toBe(1);
    const start = performance.now();
    for (let n = 1; n <= 30; n++) await site.write('style.css', `p { margin: ${n}px }`);
    await quietWindow(400);
    await expect.poll(() => done().length - timestamps.length, soon).toBe(0);
    const seconds = Math.floor((performance.now() - start) / 1000);
    expect(
      done()
        .map(({ timestamp }) => timestamp)
        .sort(),
    ).toEqual(timestamps);
    // Of those that have waited for a report, it is told how long.
    for (const { ago } of done()) {
      expect(ago).toBeGreaterThanOrEqual(0);
      expect(ago).toBeLessThan(performance.now() - start);
    }
    // And more of them where a busy machine takes its time for the changes.
    expect(reports.length).toBeLessThan(8 + 8 * seconds);
  });

  it('a reload of all pages that was asked for by hand', async () => {
    const { site, tab, done, reload } = await open();
    await expect.poll(() => site.openStreams, soon).toBe(1);
    await tab.evaluate('window.isOld = true');
    await reload();
    await expect.poll(done, soon).toEqual([{ timestamp: expect.any(Number), act: 'reload', ago }]);
    await expect.poll(() => tab.evaluate('"isOld" in window'), soon).toBe(false);
  });

  it('its frames under its own id, and a window it has opened under another', async () => {
    const { tab, reports } = await open();
    const id = reports[0]?.tab;
    await tab.evaluate(() => {
      const frame = document.createElement('iframe');
      frame.src = '/other.html';
      document.body.append(frame);
    });
    const stored = () =>
      tab.frame({ url: /other/ })?.evaluate(() => sessionStorage['dev-serve:tab']);
    await expect.poll(stored, soon).toContain(id);
    const popup = tab.context().waitForEvent('page');
    await tab.evaluate('void open("/other.html?opened")');
    await (await popup).waitForLoadState();
    await expect.poll(() => reports, soon).toHaveLength(2);
    expect(reports[1]?.page).toBe('/other.html?opened');
    expect(reports[1]?.tab).not.toBe(id);
    await tab.reload();
    await expect.poll(() => reports.at(-1)?.type, soon).toBe('open');
    expect(reports.at(-1)?.tab).toBe(id);
  });

  it('nothing more to a server that takes no reports', async () => {
    const site = await LiveSite.start(files);
    const tab = await (await chromium.newContext()).newPage();
    await tab.route('**/@dev-serve/report', (route) => route.fulfill({ status: 404 }));
    let reports = 0;
    tab.on('request', (request) => {
      if (request.url().endsWith('/@dev-serve/report')) reports++;
    });
    await tab.goto(site.url);
    await expect.poll(() => reports, soon).toBe(1);
    await expect.poll(() => site.openStreams, soon).toBe(1);
    await site.write('style.css', 'p { color: red }');
    const color = () =>
      tab.evaluate(() => getComputedStyle(document.body.children[0] ?? document.body).color);
    await expect.poll(color, soon).toBe('rgb(255, 0, 0)');
    await quietWindow(400);
    expect(reports).toBe(1);
  });
});
