import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ErraticClient } from '../support/erratic-client.ts';
import { openSSE, openWebSocket } from '../support/event-reader.ts';
import { abortOften, getting, posting, upgrading } from '../support/faults/aborts.ts';
import { expectBaseline, settle } from '../support/faults/baseline.ts';
import { CommandServer } from '../support/faults/command-server.ts';
import { EventServer } from '../support/faults/event-server.ts';
import { inForm, tell } from '../support/faults/form.ts';
import { Journal } from '../support/faults/journal.ts';
import { Load } from '../support/faults/load.ts';
import { randomFrom, seed } from '../support/random.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const ABORTS = inForm(1500, 100_000);
const WARM_UP = inForm(500, 2000);
/** So few that the log is full before the baseline is taken. */
const KEPT = 100;
/** The server notes when each connection came. */
const HEAP_SLACK = 4 * 2 ** 20 + 16 * ABORTS;
const EVENT_STREAM = 'text/event-stream';
const soon = { timeout: 60_000 };
const trial = { timeout: inForm(120_000, 900_000) };

describe(`connections that break off at a byte of chance (seed ${seed})`, trial, () => {
  it('leave nothing in a server of events, and its readers have all that was acknowledged', async () => {
    const server = await EventServer.start({ kind: 'memory', limit: KEPT });
    const { origin } = server;
    const random = randomFrom(seed);
    const requests = [
      getting('/events/news,noise', EVENT_STREAM),
      upgrading('/events/news,noise/ws'),
      getting('/nothing', 'text/html'),
      posting('/channels/noise', (nth) => `noise ${round} ${nth}`),
    ];
    let round = 0;
    const run = async (count: number): Promise<number> => {
      round += 1;
      const load = new Load(['news', 'noise']);
      await load.addCalm([origin], ['news', 'noise']);
      load.publish(origin, 'news', 1, { interval: 10, filler: 64 });
      const answered = await abortOften(origin, requests, count, random);
      await load.grow(1);
      load.expectComplete(await load.settle());
      expect(load.refused).toEqual([]);
      expect(load.clients.map(({ connections }) => connections)).toEqual([1, 1]);
      load.leave();
      return answered;
    };
    await run(WARM_UP);
    const baseline = await settle(server);
    const begun = performance.now();
    const answered = await run(ABORTS);
    const seconds = (performance.now() - begun) / 1000;
    await expectBaseline(server, baseline, HEAP_SLACK);
    expect(server.isWell).toBe(true);
    expect(answered).toBeGreaterThan(ABORTS / 4);
    tell('churn, events', { seed, aborts: ABORTS, answered, seconds: Math.round(seconds) });
  });

  it('leave nothing in the dev server, whose readers have every change', async () => {
    const root = temporaryDirectory();
    const page = '<!doctype html><html><head></head><body><p>one</p></body></html>';
    await writeFile(join(root, 'index.html'), page);
    const server = await CommandServer.start(root);
    const { origin } = server;
    const random = randomFrom(seed);
    const requests = [
      getting('/events', EVENT_STREAM),
      upgrading('/events/ws'),
      getting('/', 'text/html'),
      posting('/@dev-serve/report', (nth) => ({
        tab: `tab-0000-${nth % 4}`,
        page: '/',
        type: nth % 8 < 4 ? 'open' : 'close',
        title: 'one',
      })),
    ];
    const run = async (count: number, changes: number): Promise<number> => {
      const url = `${origin}/events`;
      const readers = [openSSE, openWebSocket].map(
        (open) => new ErraticClient(new Journal(['files'], true), open, () => url, random),
      );
      const leave = () => readers.map((reader) => reader.leave());
      onTestFinished(() => void leave());
      const journals = readers.map(({ check }) => check);
      await expect.poll(() => journals.every(({ lastEventId }) => lastEventId), soon).toBe(true);
      const aborting = abortOften(origin, requests, count, random);
      for (let nth = 1; nth <= changes; nth += 1) {
        await writeFile(join(root, 'changing.txt'), 'x'.repeat(nth + count));
        const unseen = () => journals.filter(({ entries }) => entries.length < nth).length;
        await expect.poll(() => `${unseen()} ${server.complaints}`, soon).toBe('0 ');
      }
      const answered = await aborting;
      expect(readers.flatMap(({ failure }) => failure ?? [])).toEqual([]);
      expect(journals.map(({ losses }) => losses)).toEqual([0, 0]);
      const [one, other] = journals.map(({ entries }) => entries.map(({ id, data }) => [id, data]));
      expect(one).toEqual(other);
      expect(readers.map(({ connections }) => connections)).toEqual([1, 1]);
      leave();
      return answered;
    };
    await run(WARM_UP, 2);
    const baseline = await settle(server);
    const begun = performance.now();
    const answered = await run(ABORTS, 10);
    const seconds = (performance.now() - begun) / 1000;
    await expectBaseline(server, baseline);
    expect({ isRunning: server.isRunning, complaints: server.complaints }).toEqual({
      isRunning: true,
      complaints: '',
    });
    expect(answered).toBeGreaterThan(ABORTS / 4);
    tell('churn, dev server', { seed, aborts: ABORTS, answered, seconds: Math.round(seconds) });
  });
});
