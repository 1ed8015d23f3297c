import { describe, expect, it, onTestFinished } from 'vitest';
import { ErraticClient } from '../support/erratic-client.ts';
import { openSSE, openWebSocket } from '../support/event-reader.ts';
import { EventServer } from '../support/faults/event-server.ts';
import { inForm, isLong, tell } from '../support/faults/form.ts';
import { Journal } from '../support/faults/journal.ts';
import { Latencies } from '../support/faults/latencies.ts';
import { MemoryPeak } from '../support/faults/memory-peak.ts';
import { post } from '../support/faults/publisher.ts';
import { Throttle } from '../support/faults/throttle.ts';

/** Events of each channel. */
const KEPT = 100;
const MIB = 1024 * 1024;
const EACH = 100;
const HEALTHY = inForm(20, 1000);
/** 1 GiB in the long form; in the short one as well far more than may be kept for them. */
const FLOOD = { count: inForm(4096, 8192), size: 128 * 1024 };
/** While nobody stalls. */
const FIRST_FLOOD = { ...FLOOD, count: inForm(512, FLOOD.count) };
/** Of the long form: the default. */
const STALL_TIMEOUT = inForm(2000, 30_000);
/** What a busy machine adds to a time that is no fault of the stalled readers, in milliseconds. */
const NOISE = inForm(1000, 50);
const soon = { timeout: inForm(60_000, 120_000), interval: 100 };

/** Readers of the flood, half over each transport, on the way to `origin`. */
function addReaders(origin: string): ErraticClient<Journal>[] {
  const added = Array.from({ length: EACH }, (_, nth) => {
    const open = nth % 2 === 0 ? openSSE : openWebSocket;
    const journal = new Journal(['flood'], false);
    return new ErraticClient(journal, open, () => `${origin}/events/flood`, Math.random);
  });
  onTestFinished(() => {
    for (const client of added) client.leave();
  });
  return added;
}

const flood = `${(FLOOD.count * FLOOD.size) / MIB} MiB`;

describe(`N6: 100 readers that read nothing and 100 that read 1 KiB/s, while ${flood} are published`, () => {
  const title =
    'cost their socket buffers, delay nobody, are gone in time, and come back to the log';
  it(title, { timeout: inForm(120_000, 300_000) }, async () => {
    const options = isLong ? {} : { stallTimeout: STALL_TIMEOUT };
    const server = await EventServer.start({ kind: 'memory', limit: KEPT }, options);
    const healthy = await Latencies.start(server.origin, 'calm', HEALTHY);
    const p99Alone = await healthy.during(() => server.burst('flood', FIRST_FLOOD));
    const { rss, pid } = await server.figures();
    const memory = new MemoryPeak(pid);

    const ways = await Promise.all([0, 1024].map((rate) => Throttle.start(server.origin, rate)));
    const readers = ways.flatMap(({ origin }) => addReaders(origin));
    const streams = async () => (await server.figures()).streams;
    await expect.poll(async () => (await streams()).streams, soon).toBe(HEALTHY + 2 * EACH);
    const begun = performance.now();
    const p99 = await healthy.during(() => server.burst('flood', FLOOD));
    await expect.poll(async () => (await streams()).stalled, soon).toBeGreaterThanOrEqual(2 * EACH);
    const seconds = (performance.now() - begun) / 1000;
    const mebibytes = (memory.peak - rss) / MIB;
    tell('slow readers', {
      'MiB more': Math.round(mebibytes),
      'p99 in ms without them': Math.round(p99Alone),
      'p99 in ms': Math.round(p99),
      'gone after s': Math.round(seconds),
    });

    expect(mebibytes).toBeLessThan(150);
    expect(p99).toBeLessThan(2 * p99Alone + NOISE);
    // In the short form the machine has other things to do as well.
    expect(seconds).toBeLessThan(inForm(60, 35));
    healthy.expectComplete();

    // What they come back to is small: this is not about how fast 200 readers take 6 MiB each.
    await server.burst('flood', { count: KEPT, size: 10 });
    for (const way of ways) way.open();
    const { id: end } = await post(server.origin, 'flood', 'the end');
    const behind = () => readers.filter(({ check }) => check.lastEventId !== end).length;
    await expect.poll(behind, soon).toBe(0);
    expect(readers.flatMap(({ failure }) => failure ?? [])).toEqual([]);
    expect(readers.filter(({ check }) => check.losses === 0)).toEqual([]);
    expect(server.isWell).toBe(true);
  });
});
