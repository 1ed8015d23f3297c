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
