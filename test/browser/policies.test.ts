import { describe, expect, it } from 'vitest';
import type { Notice } from '../../plugins/tabs/notice.ts';
import { policyCases } from '../html/policy-cases.ts';
import { hasChromium, quietWindow, soon, useChromium } from '../support/chromium.ts';
import { LiveSite } from '../support/live-site.ts';

const chromium = useChromium();
/** Pages in one browser: some need a stream of their own, and a browser has six for a server. */
const PAGES_AT_ONCE = 24;

const follows = policyCases.flatMap(([, hindrance], index) => (hindrance ? [] : [index]));
const policyOf = (index: string) => policyCases[Number(index)]?.[0] ?? '';

describe.skipIf(!hasChromium)('what is said of policies', () => {
  it('is what the browser does', async () => {
    const notices: Notice[] = [];
    const site = await LiveSite.start(
      { 'used-by-all.txt': 'one' },
      {
        onNotice: (notice) => notices.push(notice),
        prepare: (app) => {
          app.get<{ Params: { index: string } }>('/page/:index', (request, reply) => {
            const policy = policyOf(request.params.index);
            const port = String(request.socket.localPort);
            if (policy) reply.header('content-security-policy', policy.replaceAll('PORT', port));
            return reply.type('text/html').send('<!doctype html><title>page</title>');
          });
          app.get('/frames', (request, reply) => {
            reply.hijack();
            const pages = new URL(request.url, site.url).searchParams.getAll('page');
            const frames = pages.map((index) => `<iframe src="/page/${index}"></iframe>`);
            reply.raw.setHeader('content-type', 'text/html').end(frames.join(''));
          });
        },
      },
    );
    const loads = (index: number) => site.documents(`/page/${index}`);
    const indexes = [...policyCases.keys()];
    const groups = Array.from({ length: Math.ceil(indexes.length / PAGES_AT_ONCE) }, (_, group) =>
      indexes.slice(group * PAGES_AT_ONCE, (group + 1) * PAGES_AT_ONCE),
    );
    for (const group of groups) {
      const tab = await (await chromium.newContext()).newPage();
      await tab.goto(`${site.url}frames?${group.map((index) => `page=${index}`).join('&')}`);
    }
    await site.write('used-by-all.txt', 'two');
    await expect.poll(() => follows.filter((index) => loads(index) < 2), soon).toEqual([]);
    await quietWindow();
    const reloaded = indexes.filter((index) => loads(index) > 1);
    expect(reloaded.map((index) => policyCases[index])).toEqual(
      follows.map((index) => policyCases[index]),
    );
    const silent = () => {
      const named = new Set(notices.map(({ kind, page }) => `${kind} ${page}`));
      return indexes.filter((index) => !named.has(`no-reload /page/${index}`));
    };
    await expect.poll(silent, soon).toEqual(follows);
  });
});
