import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { expectBaseline, type Observed, settle } from '../support/faults/baseline.ts';
import { CommandServer } from '../support/faults/command-server.ts';
import { EventServer, type StoreSettings } from '../support/faults/event-server.ts';
import { tell } from '../support/faults/form.ts';
import { publishSteadily } from '../support/faults/publish-steadily.ts';
import { StreamChurn } from '../support/faults/stream-churn.ts';
import { useSite } from '../support/faults/use-site.ts';
import { randomFrom, seed } from '../support/random.ts';
import { hasRedis, RedisServer } from '../support/redis-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { HeapTrend } from './heap-trend.ts';

const MINUTES = Number(process.env.SOAK_MINUTES ?? 1);
/** A fifth of the time, for what is made once and kept. */
const [WARM_UP, TRIAL] = [MINUTES * 12_000, MINUTES * 48_000];
const SAMPLES = Math.min(500, Math.max(20, MINUTES * 6));
const CHANNELS = ['a', 'b', 'c', 'd'];
const PATHS = ['/events/a', '/events/b,c', '/events/a,b,c,d', '/events/d'];
const LIMIT = 200;

/** Goes on for so many milliseconds; resolves to what there was of it, and to what went wrong. */
type Use = (milliseconds: number) => Promise<{ figures: Record<string, number>; wrong: string[] }>;

/** Uses a server, and holds what is left of it in the end against what there was before. */
async function soak(name: string, server: Observed, use: Use): Promise<void> {
  const warm = await use(WARM_UP);
  const baseline = await settle(server);
  const trend = new HeapTrend(server);
  let isOver = false;
  const sampling = (async () => {
    // The pace of samples, not a wait for something to happen.
    for (; !isOver; await delay(TRIAL / SAMPLES)) await trend.sample();
  })();
  const { figures, wrong } = await use(TRIAL);
  isOver = true;
  await sampling;
  tell(name, { ...figures, heap: String(trend) });
  expect([...warm.wrong, ...wrong]).toEqual([]);
  await expectBaseline(server, baseline);
  expect(trend.isTooSteep, `the heap grows: ${trend}`).toBe(false);
}

/** Streams that come and go, and events that are published. */
function useOfEvents({ port, origin }: EventServer, perSecond: number): Use {
  const random = randomFrom(seed);
  return async (milliseconds) => {
    const churn = new StreamChurn({ port, paths: PATHS, perSecond, longest: 2000, random });
    const publisher = publishSteadily(origin, CHANNELS, 50);
    await delay(milliseconds);
    churn.stop();
    publisher.stop();
    const { connections, bytes, refused } = churn;
    const { published, failed } = publisher;
    return { figures: { connections, bytes, published, failed }, wrong: refused };
  };
}

/** Files that are edited, pages that are loaded, and streams. */
function useOfSite({ origin }: CommandServer, root: string): Use {
  const random = randomFrom(seed);
  const settings = { port: Number(new URL(origin).port), paths: ['/events'], perSecond: 20 };
  return async (milliseconds) => {
    const churn = new StreamChurn({ ...settings, longest: 2000, random });
    const use = { origin, root, perSecond: 10 };
    const { count: loads, failed } = await useSite(use, AbortSignal.timeout(milliseconds));
    churn.stop();
    const { connections, bytes, refused } = churn;
    return { figures: { connections, bytes, loads }, wrong: [...failed, ...refused] };
  };
}

async function storeSettings(kind: StoreSettings['kind']): Promise<StoreSettings> {
  if (kind === 'memory') return { kind, limit: LIMIT };
  if (kind === 'durable') {
    return { kind, limit: LIMIT, path: temporaryDirectory(), durability: 'flush' };
  }
  const { url } = await RedisServer.start(onTestFinished);
  return { kind, limit: LIMIT, url, client: 'ioredis', timeout: 5000 };
}

const kinds = (['memory', 'durable', 'redis'] as const).filter(
  (kind) => kind !== 'redis' || hasRedis,
);

describe(`a soak of ${MINUTES} minutes (seed ${seed})`, () => {
  const timeout = (MINUTES + 5) * 60_000;

  it.concurrent.each(kinds)(
    'leaves nothing in a server of events on a %s store',
    { timeout },
    async (kind) => {
      const server = await EventServer.start(await storeSettings(kind));
      await soak(`soak, ${kind}`, server, useOfEvents(server, kind === 'memory' ? 100 : 25));
      expect(server.isWell).toBe(true);
    },
  );

  it.concurrent('leaves nothing in a dev server', { timeout }, async () => {
    const root = temporaryDirectory();
    const server = await CommandServer.start(root);
    await soak('soak, dev server', server, useOfSite(server, root));
    expect([server.isRunning, server.complaints]).toEqual([true, '']);
  });
});
