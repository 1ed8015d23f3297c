import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { countLoads, hasChromium, quietWindow, soon, useChromium } from '../support/chromium.ts';
import { LiveSite } from '../support/live-site.ts';

const chromium = useChromium();

const page = (text: string) =>
  `<!doctype html><html><head></head><body><p>${text}</p></body></html>`;

/** A promise and what settles it. */
function signal() {
  let raise = (): void => {};
  const raised = new Promise<void>((resolve) => {
    raise = resolve;
  });
  return { raise, raised };
}

describe.skipIf(!hasChromium)('a change before the client is connected', () => {
  it('is not lost while the client script is on its way', async () => {
    const announced = signal();
    const site = await LiveSite.start({ 'index.html': page('one') }, { onChange: announced.raise });
    const tab = await (await chromium.newContext()).newPage();
    const count = countLoads(tab);
    let isFirst = true;
    await tab.route('**/@dev-serve/client.js', async (route) => {
      if (isFirst) {
        isFirst = false;
        await site.write('index.html', page('two'));
        await announced.raised;
      }
      await route.continue();
    });
    await tab.goto(site.url);
    await expect.poll(() => tab.textContent('p'), soon).toBe('two');
    await quietWindow();
    expect(count.loads).toBe(2);
  });

  it('is not lost while the page itself is on its way', async () => {
    const announced = signal();
    let renders = 0;
    const site: LiveSite = await LiveSite.start(
      { 'index.html': page('home'), 'data.txt': 'one' },
      {
        onChange: announced.raise,
        prepare: (app) => {
          app.get('/slow', (_request, reply) => {
            const [before = '', after = ''] = page(`render ${++renders}`).split('<body>');
            async function* parts() {
              yield before;
              if (renders === 1) {
                await site.write('data.txt', 'two');
                await announced.raised;
              }
              yield `<body>${after}`;
            }
            return reply.type('text/html').send(Readable.from(parts()));
          });
        },
      },
    );
    const tab = await (await chromium.newContext()).newPage();
    await tab.goto(`${site.url}slow`);
    await expect.poll(() => tab.textContent('p'), soon).toBe('render 2');
    await quietWindow();
    expect(renders).toBe(2);
  });
});
