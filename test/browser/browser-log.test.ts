import { describe, expect, it } from 'vitest';
import { hasChromium, quietWindow, soon, useChromium } from '../support/chromium.ts';
import { LiveSite } from '../support/live-site.ts';

const chromium = useChromium();

const page = (body: string) =>
  `<!doctype html><html><head></head><body>${body}<script src="/app.js"></script></body></html>`;

/** Opens a page, and gathers what it reports of itself. */
async function open(body: string, script: string, browserLog = true) {
  const site = await LiveSite.start(
    { 'index.html': page(body), 'app.js': script },
    { browserLog, onNotice: () => {} },
  );
  const tab = await (await chromium.newContext()).newPage();
  const entries: { kind: string; text: string }[] = [];
  tab.on('request', (request) => {
    if (!request.url().endsWith('/@dev-serve/report')) return;
    entries.push(...(JSON.parse(request.postData() ?? '{}').entries ?? []));
  });
  await tab.goto(site.url);
  const texts = () => entries.map(({ text }) => text);
  const kinds = () => [...new Set(entries.map(({ kind }) => kind))];
  return { site, tab, texts, kinds };
}

describe.skipIf(!hasChromium)('a page whose errors are mirrored', () => {
  it('tells of errors of its scripts, each once', async () => {
    const { texts, kinds } = await open(
      '',
      `function fail() { throw new Error('thrown'); }
      for (let n = 0; n < 5; n++) setTimeout(() => fail());
      Promise.reject(new TypeError('rejected'));
      Promise.reject('a reason\\n' + 'x'.repeat(1000));`,
    );
    await expect.poll(() => texts().length, soon).toBe(3);
    await quietWindow(400);
    const sorted = texts().sort();
    expect(sorted).toHaveLength(3);
    expect(sorted[0]).toBe('Uncaught Error: thrown (/app.js:1:25) at fail (/app.js:1:25)');
    expect(sorted[1]).toMatch(/^Unhandled rejection: TypeError: rejected at \/app\.js:3:\d+$/);
    expect(sorted[2]).toMatch(/^Unhandled rejection: a reason x+$/);
    expect(sorted[2]).toHaveLength(500);
    expect(kinds()).toEqual(['script-error']);
  });

  it('tells of requests that failed, each once, and not of those of the client', async () => {
    const { site, texts, kinds } = await open(
      '<img src="/missing.png"><img src="http://127.0.0.1:1/refused.png">',
      `fetch('/api/items?page=2'); fetch('/fine.txt'); fetch('/app.js');
      const link = document.createElement('link');
      link.rel = 'stylesheet';
      link.href = '/missing.css';
      document.head.append(link);`,
    );
    await site.write('fine.txt', '');
    await site.remove('index.html');
    const failures = [
      '/api/items?page=2 answered 404 (fetch)',
      // Its status is not told by the browser.
      '/missing.css could not be loaded (link)',
      '/missing.png answered 404 (img)',
      'http://127.0.0.1:1/refused.png could not be loaded (img)',
    ];
    const told = () =>
      texts()
        .filter((text) => !text.startsWith('/fine.txt'))
        .sort();
    await expect.poll(told, soon).toEqual(failures);
    // The client asks for the page that is gone.
    await expect.poll(() => site.documents(), soon).toBeGreaterThan(1);
    await quietWindow(400);
    expect(told()).toEqual(failures);
    expect(kinds()).toEqual(['failed-request']);
  });

  it('tells of no more than ten things per second', async () => {
    const start = performance.now();
    const { texts } = await open(
      '',
      'for (let n = 0; n < 200; n++) setTimeout(() => { throw new Error(String(n)) })',
    );
    await expect.poll(() => texts().length, soon).toBeGreaterThan(0);
    // A second can begin while they are thrown, and on a busy machine a third.
    const seconds = Math.ceil((performance.now() - start) / 1000);
    await quietWindow(1000);
    expect(texts().length).toBeLessThanOrEqual(10 * (seconds + 1));
  });

  it('tells of nothing unless it is asked to', async () => {
    const { texts } = await open('<img src="/missing.png">', 'throw new Error("thrown")', false);
    await quietWindow(400);
    expect(texts()).toEqual([]);
  });
});
