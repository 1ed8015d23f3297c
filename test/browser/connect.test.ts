import { describe, expect, it } from 'vitest';
import { hasChromium, soon, useChromium } from '../support/chromium.ts';
import { EventSite, followIn, heardIn, ticksIn, typesIn } from '../support/event-site.ts';

const chromium = useChromium();

describe.skipIf(!hasChromium)('a page that follows a channel', () => {
  it('hears each event once, in order, typed and parsed', async () => {
    const site = await EventSite.start();
    const page = await (await chromium.newContext()).newPage();
    await page.goto(site.url);
    await followIn(page, {}, ['tick', 'message']);
    await expect.poll(() => typesIn(page), soon).toEqual(['open']);
    await site.tick(1, 2, 3);
    await site.publish('message', 'two\nlines');
    await expect
      .poll(() => typesIn(page), soon)
      .toEqual(['open', 'tick', 'tick', 'tick', 'message']);
    const heard = await heardIn(page);
    expect(heard[0]?.data).toEqual({ transport: 'sse', recovered: true });
    expect(await ticksIn(page)).toEqual([1, 2, 3]);
    expect(heard[1]?.id).toMatch(/^[0-9a-z]+-1$/);
    expect(heard[4]?.data).toBe('two\nlines');
  });
});

describe.skipIf(!hasChromium)('an EventSource', () => {
  it('takes a compressed stream event by event, and resumes it', async () => {
    const site = await EventSite.start({ compress: true });
    const page = await (await chromium.newContext()).newPage();
    const codings: (string | undefined)[] = [];
    page.on('response', (response) => {
      if (response.url().endsWith('/news')) codings.push(response.headers()['content-encoding']);
    });
    await page.goto(site.url);
    await page.evaluate(`
      globalThis.log = [];
      const events = new EventSource('/news');
      events.addEventListener('dev-serve:position', ({ type, data }) => log.push({ type, data }));
      events.addEventListener('tick', ({ type, data }) => log.push({ type, data: JSON.parse(data) }));
    `);
    await expect.poll(() => typesIn(page), soon).toEqual(['dev-serve:position']);
    for (let n = 1; n <= 12; n += 1) {
      await site.tick(n);
      await expect.poll(async () => (await ticksIn(page)).at(-1), soon).toBe(n);
    }
    await site.stop();
    await site.tick(13);
    await site.start();
    await expect.poll(async () => (await ticksIn(page)).at(-1), soon).toBe(13);
    await site.tick(14);
    await expect.poll(async () => (await ticksIn(page)).at(-1), soon).toBe(14);
    const heard = await heardIn(page);
    expect(heard[13]).toMatchObject({ type: 'dev-serve:position', data: '{"recovered":true}' });
    expect(await ticksIn(page)).toEqual(Array.from({ length: 14 }, (_, index) => index + 1));
    expect(codings).toEqual(['gzip', 'gzip']);
  });
});

describe.skipIf(!hasChromium)('a listener', () => {
  it('is called until it is taken off, and one for once once', async () => {
    const site = await EventSite.start();
    const page = await (await chromium.newContext()).newPage();
    await page.goto(site.url);
    await followIn(page);
    await expect.poll(() => typesIn(page), soon).toEqual(['open']);
    await page.evaluate(`
      globalThis.calls = [];
      events.once('tick', ({ n }) => calls.push('once ' + n));
      const stop = events.on('tick', ({ n }) => {
        calls.push('on ' + n);
        if (n === 2) stop();
      });
    `);
    await site.tick(1, 2, 3);
    await expect.poll(() => ticksIn(page), soon).toEqual([1, 2, 3]);
    expect(await page.evaluate('calls')).toEqual(['once 1', 'on 1', 'on 2']);
  });

  it('that throws is reported, and keeps nothing from the others', async () => {
    const site = await EventSite.start();
    const page = await (await chromium.newContext()).newPage();
    const errors: string[] = [];
    page.on('pageerror', ({ message }) => errors.push(message));
    await page.goto(site.url);
    await page.evaluate(`
      import('/connect.js').then(({ connect }) => {
        globalThis.log = [];
        const events = connect('/news');
        events.on('tick', () => { throw new Error('mine'); });
        events.on('tick', (data) => log.push({ type: 'tick', data }));
      });
    `);
    await expect.poll(() => site.openStreams, soon).toBe(1);
    await site.tick(1, 2);
    await expect.poll(() => ticksIn(page), soon).toEqual([1, 2]);
    await expect.poll(() => errors, soon).toEqual(['mine', 'mine']);
  });
});
