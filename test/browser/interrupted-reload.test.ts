import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { hasChromium, soon, useChromium, useWholeChromium } from '../support/chromium.ts';
import { LiveSite } from '../support/live-site.ts';

const chromium = useChromium();
/** Only this one keeps pages in its history. */
const wholeChromium = useWholeChromium();

const page = (text: string) =>
  `<!doctype html><html><head></head><body><p>${text}</p><a href="/plain.txt" style="position: fixed; inset: 100px 0 0">away</a></body></html>`;

describe.skipIf(!hasChromium)('a reload', () => {
  it('waits for a server that has gone right after it announced the change', async () => {
    let stopped: Promise<void> | undefined;
    let isGone = false;
    const site: LiveSite = await LiveSite.start(
      { 'index.html': page('one') },
      {
        onChange() {
          // However long the machine takes to stop it: nothing is answered from now on.
          isGone = true;
          // Once the change is on its way.
          stopped ??= turn()
            .then(turn)
            .then(() => site.stop());
        },
        prepare: (app) =>
          app.addHook('onRequest', async ({ raw }) => {
            if (isGone) raw.socket.destroy();
          }),
      },
    );
    const tab = await (await chromium.newContext()).newPage();
    const failed: string[] = [];
    await tab.goto(site.url);
    await expect.poll(() => site.openStreams, soon).toBe(1);
    tab.on('requestfailed', (request) => {
      if (request.isNavigationRequest()) failed.push(request.url());
    });
    await site.write('index.html', page('two'));
    await expect.poll(() => stopped !== undefined, soon).toBe(true);
    await stopped;
    // That the page stays is the point, for longer than a batch of changes is gathered.
    await pause(700);
    expect(await tab.textContent('p')).toBe('one');
    isGone = false;
    await site.start();
    await expect.poll(() => tab.textContent('p'), soon).toBe('two');
    expect(failed).toEqual([]);
  });

  it('waits for a server that is about to stop, and answers 503 until then', async () => {
    let stopped: Promise<void> | undefined;
    let refused = 0;
    const site: LiveSite = await LiveSite.start(
      { 'index.html': page('one') },
      {
        onChange() {
          stopped ??= turn()
            .then(turn)
            .then(() => site.stop());
        },
        prepare: (app) => {
          app.server.prependListener('request', (_request, response) => {
            response.on('finish', () => {
              if (response.statusCode === 503) refused++;
            });
          });
          // Stopping takes as long as it takes for the page to be refused.
          app.addHook('preClose', async () => {
            await expect.poll(() => refused, soon).toBeGreaterThan(0);
          });
        },
      },
    );
    const tab = await (await chromium.newContext()).newPage();
    await tab.goto(site.url);
    await expect.poll(() => site.openStreams, soon).toBe(1);
    await site.write('index.html', page('two'));
    await expect.poll(() => stopped !== undefined, soon).toBe(true);
    await stopped;
    await pause(200);
    expect(await tab.textContent('p')).toBe('one');
    await site.start();
    await expect.poll(() => tab.textContent('p'), soon).toBe('two');
  });

  it('that a click on a link has overtaken is made up for when the page comes back', async () => {
    let delay = 0;
    const site = await LiveSite.start(
      { 'index.html': page('one'), 'plain.txt': 'elsewhere' },
      {
        prepare: (app) =>
          app.addHook('onRequest', async (request) => {
            if (request.url === '/') await pause(delay);
          }),
      },
    );
    const tab = await (await wholeChromium.newContext()).newPage();
    await tab.addInitScript(() => {
      addEventListener('pageshow', ({ persisted }) => {
        if (persisted) sessionStorage.setItem('kept', 'true');
      });
    });
    await tab.goto(site.url);
    await expect.poll(() => site.openStreams, soon).toBe(1);
    const loads = site.documents();
    delay = 1500;
    await site.write('index.html', page('two'));
    await expect.poll(() => site.documents(), soon).toBe(loads + 1);
    // As a user clicks, who does not wait for the reload as tab.click() does.
    await tab.mouse.click(100, 200);
    // Its address is known before it is there, and there is no way back from a page on its way.
    await expect.poll(() => tab.textContent('body'), soon).toContain('elsewhere');
    delay = 0;
    await tab.goBack({ waitUntil: 'commit' });
    await expect.poll(() => tab.textContent('p'), soon).toBe('two');
    expect(await tab.evaluate('sessionStorage.getItem("kept")')).toBe('true');
  });
});
