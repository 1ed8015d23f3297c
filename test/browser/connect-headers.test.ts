import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { describe, expect, it } from 'vitest';
import { hasChromium, soon, useChromium } from '../support/chromium.ts';
import { EventSite, followIn, heardIn, ticksIn, typesIn } from '../support/event-site.ts';

const chromium = useChromium();

/** Lets through who says `Bearer <token>`, and keeps the headers of all who ask. */
function guard(token: () => string) {
  const asked: IncomingHttpHeaders[] = [];
  const prepare = (app: FastifyInstance): void => {
    app.addHook('onRequest', async ({ url, headers }, reply) => {
      if (!url.startsWith('/news')) return;
      asked.push(headers);
      if (headers.authorization !== `Bearer ${token()}`) return reply.code(401).send();
    });
  };
  return { asked, prepare };
}

const options = { headers: { authorization: 'Bearer a' } };

describe.skipIf(!hasChromium)('a page that sends headers', () => {
  it('follows over fetch, and resumes by the header Last-Event-ID', async () => {
    const { asked, prepare } = guard(() => 'a');
    const site = await EventSite.start({ prepare });
    const page = await (await chromium.newContext()).newPage();
    await page.goto(site.url);
    await followIn(page, options);
    await expect.poll(() => typesIn(page), soon).toEqual(['open']);
    const lastEventId = await site.publish('tick', { n: 1 });
    await expect.poll(() => ticksIn(page), soon).toEqual([1]);
    await site.stop();
    await site.tick(2);
    await site.start();
    await site.tick(3);
    await expect.poll(() => ticksIn(page), soon).toEqual([1, 2, 3]);
    expect((await heardIn(page))[0]?.data).toEqual({ transport: 'fetch', recovered: true });
    expect(asked.at(-1)).toMatchObject({
      accept: 'text/event-stream',
      authorization: 'Bearer a',
      'last-event-id': lastEventId,
    });
    expect(site.requests).toEqual(site.requests.map(() => 'GET /news'));
  });

  it('has a connection of its own, or one for all tabs if it says so', async () => {
    const site = await EventSite.start();
    const context = await chromium.newContext();
    const follow = async (more: object) => {
      const page = await context.newPage();
      await page.goto(site.url);
      await followIn(page, { ...options, ...more });
      await expect.poll(() => typesIn(page), soon).toEqual(['open']);
      return page;
    };
    const pages = [await follow({}), await follow({})];
    expect(site.openStreams).toBe(2);
    pages.push(await follow({ shared: true }), await follow({ shared: true }));
    expect(site.openStreams).toBe(3);
    await site.tick(1);
    for (const page of pages) await expect.poll(() => ticksIn(page), soon).toEqual([1]);
  });

  it('is told the status of a refusal, and gets in with a new token', async () => {
    const { asked, prepare } = guard(() => 'b');
    const site = await EventSite.start({ prepare });
    const page = await (await chromium.newContext()).newPage();
    await page.goto(site.url);
    await page.evaluate(`
      globalThis.token = 'a';
      follow({ headers: async () => ({ authorization: 'Bearer ' + token }) }, ['tick'], '/news');
    `);
    await expect.poll(() => typesIn(page), soon).toContain('error');
    const [error] = await heardIn(page);
    expect(error).toMatchObject({ type: 'error', data: { status: 401 } });
    // It does not ask again as soon as a server that is down is asked.
    expect(error?.data).toHaveProperty(
      'retryIn',
      expect.toSatisfy((ms) => ms >= 8000),
    );
    await page.evaluate(`token = 'b'; dispatchEvent(new Event('online'))`);
    await expect.poll(() => typesIn(page), soon).toContain('open');
    expect(asked.map(({ authorization }) => authorization)).toEqual(['Bearer a', 'Bearer b']);
  });

  it('survives headers that cannot be had', async () => {
    const site = await EventSite.start();
    const page = await (await chromium.newContext()).newPage();
    await page.goto(site.url);
    await page.evaluate(`
      let calls = 0;
      const headers = () => {
        if (calls++ === 0) throw new Error('not yet');
        return {};
      };
      follow({ headers }, ['tick'], '/news');
    `);
    await expect.poll(() => typesIn(page), soon).toEqual(['error', 'open']);
  });
});
