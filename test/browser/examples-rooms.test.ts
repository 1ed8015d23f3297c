import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { hasChromium, soon, useChromium } from '../support/chromium.ts';
import { startExample } from '../support/example-server.ts';
import { freePort } from '../support/free-port.ts';
import { hasRedis, RedisServer } from '../support/redis-server.ts';
import { sendJson } from '../support/requests.ts';

/** A server of rooms that are kept on disk, and how to start it again. */
async function startRooms(onEnd: (end: () => Promise<void>) => void) {
  const data = await mkdtemp(join(tmpdir(), 'dev-serve-rooms-'));
  onEnd(() => rm(data, { recursive: true, force: true }));
  const port = await freePort();
  const start = () => startExample('rooms', { port, env: { DATA: data }, onEnd });
  return { url: `http://localhost:${port}`, start, server: await start() };
}

function post(url: string, room: string, text: unknown) {
  return sendJson(`${url}/messages`, 'POST', { room, text });
}

function visit(page: Page, url: string, room: string) {
  return page.goto(`${url}/?${new URLSearchParams({ room })}`);
}

const messages = (page: Page) => page.locator('li span').allTextContents();

describe.skipIf(!hasChromium)('the example rooms', () => {
  const chromium = useChromium();
  const newPage = async () => (await chromium.newContext()).newPage();
  // One server for all who only talk, each in a room of its own.
  const ends: (() => Promise<void>)[] = [];
  let url = '';
  beforeAll(async () => {
    ({ url } = await startRooms((end) => ends.unshift(end)));
  });
  afterAll(async () => {
    for (const end of ends) await end();
  });

  it('shows what is said in a room to all who are there, and to who comes later', async () => {
    const [ada, bob, other] = await Promise.all([newPage(), newPage(), newPage()]);
    await Promise.all([visit(ada, url, 'tea'), visit(bob, url, 'tea'), visit(other, url, 'mate')]);
    await ada.fill('#say input', 'Is there any left?');
    await ada.keyboard.press('Enter');
    await expect.poll(() => messages(bob), soon).toEqual(['Is there any left?']);
    await expect.poll(() => messages(ada), soon).toEqual(['Is there any left?']);
    expect(await ada.inputValue('#say input')).toBe('');
    await post(url, 'mate', 'other');
    await expect.poll(() => messages(other), soon).toEqual(['other']);
    const late = await (await chromium.newContext()).newPage();
    await visit(late, url, 'tea');
    await expect.poll(() => messages(late), soon).toEqual(['Is there any left?']);
    expect(await late.title()).toBe('tea – Rooms');
  });

  it('shows a second tab of the same browser the whole room', async () => {
    await post(url, 'two tabs', 'one');
    const context = await chromium.newContext();
    for (const tab of [await context.newPage(), await context.newPage()]) {
      await visit(tab, url, 'two tabs');
      await expect.poll(() => messages(tab), soon).toEqual(['one']);
    }
  });

  it('takes names and messages for text, whatever is in them', async () => {
    const page = await newPage();
    const bad = '<img src=x onerror="document.title=1">';
    await visit(page, url, bad);
    await post(url, bad, `${bad}\n</script>&amp;\u2028"'`);
    await expect.poll(() => messages(page), soon).toEqual([`${bad}\n</script>&amp;\u2028"'`]);
    expect(await page.textContent('h1')).toBe(bad);
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.title()).toBe(`${bad} – Rooms`);
  });

  it('goes to another room', async () => {
    const page = await newPage();
    await page.goto(url);
    expect(await page.textContent('h1')).toBe('lobby');
    await page.fill('#go input', 'q&a 50%');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.textContent('h1'), soon).toBe('q&a 50%');
    await post(url, 'q&a 50%', 'here');
    await expect.poll(() => messages(page), soon).toEqual(['here']);
  });

  it.each(['SIGTERM', 'SIGKILL'] as const)(
    'outlives a restart after %s: nothing is lost or shown twice',
    async (signal) => {
      const { url, server, start } = await startRooms(onTestFinished);
      const page = await newPage();
      await visit(page, url, 'tea');
      for (const text of ['1', '2', '3']) await post(url, 'tea', text);
      await expect.poll(() => messages(page), soon).toEqual(['1', '2', '3']);
      await server.kill(signal);
      await expect.poll(() => page.textContent('output'), soon).toBe('connecting');
      await page.fill('#say input', 'kept');
      await page.keyboard.press('Enter');
      const alert = () => page.textContent('[role=alert]');
      await expect.poll(alert, soon).toBe('Not sent: try again');
      await start();
      // Said before the page is back.
      await post(url, 'tea', '4');
      await page.click('#say button');
      const all = async () => (await messages(page)).toSorted();
      await expect.poll(all, { timeout: 20_000 }).toEqual(['1', '2', '3', '4', 'kept']);
      await expect.poll(() => page.textContent('output'), soon).toBe('live');
      await expect.poll(alert, soon).toBe('');
    },
  );

  it('refuses what is no message', async () => {
    const refused = {
      'no text': { room: 'tea' },
      'blank text': { room: 'tea', text: ' \n' },
      'too much text': { room: 'tea', text: 'x'.repeat(2001) },
      'no room': { text: 'hello' },
      'a room with a long name': { room: 'x'.repeat(41), text: 'hello' },
      'a room with a line end': { room: 'a\nb', text: 'hello' },
      'a room with half a character': { room: 'a\ud83d', text: 'hello' },
      'no object': 'tea',
    };
    for (const [name, data] of Object.entries(refused)) {
      expect((await sendJson(`${url}/messages`, 'POST', data)).status, name).toBe(400);
    }
    expect((await fetch(`${url}/messages?room=`)).status).toBe(400);
  });

  it.skipIf(!hasRedis)('follows a room on two servers that share a Redis', async () => {
    const { url: REDIS_URL } = await RedisServer.start(onTestFinished);
    const ports = [await freePort(), await freePort()] as const;
    const urls = ports.map((port) => `http://localhost:${port}`);
    const servers: Awaited<ReturnType<typeof startExample>>[] = [];
    for (const port of ports)
      servers.push(await startExample('rooms', { port, env: { REDIS_URL } }));
    const [here = '', there = ''] = urls;
    const [ada, bob] = [await newPage(), await newPage()];
    await Promise.all([visit(ada, here, 'tea'), visit(bob, there, 'tea')]);
    await post(here, 'tea', 'from here');
    await post(there, 'tea', 'from there');
    for (const page of [ada, bob]) {
      await expect.poll(() => messages(page), soon).toEqual(['from here', 'from there']);
    }
    // One of them restarts, and its reader has missed nothing.
    await servers[1]?.kill();
    await post(here, 'tea', 'meanwhile');
    await startExample('rooms', { port: ports[1], env: { REDIS_URL } });
    const all = ['from here', 'from there', 'meanwhile'];
    for (const page of [ada, bob]) {
      await expect.poll(() => messages(page), { timeout: 20_000 }).toEqual(all);
    }
  });
});
