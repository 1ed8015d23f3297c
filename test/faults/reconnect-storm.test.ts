import { describe, expect, it, onTestFinished } from 'vitest';
import { EventServer, type StoreSettings } from '../support/faults/event-server.ts';
import { inForm, tell } from '../support/faults/form.ts';
import { Load } from '../support/faults/load.ts';
import { seed } from '../support/random.ts';
import { RedisServer } from '../support/redis-server.ts';
import { type StoreName, stores } from '../support/stores.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const trial = inForm({ clients: 40, seconds: 2 }, { clients: 1000, seconds: 60 });
const EVENTS_PER_SECOND = 200;
/** So many that it matters less how long an answer takes. */
const LANES = 16;
/**
 * What has to come of it. Of the long form the readers alone, 200,000 events a second, are more than the
 * two cores that it was tried on have time for beside the server: 90 to 120 a second, on Redis up to 190.
 */
const LEAST_PER_SECOND = inForm(20, 60);
/** For a machine that is a lot slower. */
const patience = { timeout: inForm(180_000, 600_000) };

async function settingsOf(kind: StoreName): Promise<StoreSettings> {
  const limit = 100_000;
  if (kind === 'memory') return { kind, limit };
  if (kind === 'durable') return { kind, path: temporaryDirectory(), durability: 'commit', limit };
  const { url } = await RedisServer.start(onTestFinished);
  return { kind, url, client: 'ioredis', timeout: 5000, limit };
}

describe.each(stores)(
  `a reconnect storm on a %s store (seed ${seed})`,
  { timeout: 3 * patience.timeout },
  (kind) => {
    it('leaves every client, on either transport, with one and the same log', async () => {
      const server = await EventServer.start(await settingsOf(kind));
      const load = new Load(['news']);
      await load.addStorm(trial.clients, [server.origin], ['news']);
      const begun = performance.now();
      const interval = (1000 * LANES) / EVENTS_PER_SECOND;
      load.publish(server.origin, 'news', LANES, { interval, filler: 64 });
      await load.grow((trial.seconds * EVENTS_PER_SECOND) / LANES, patience);
      const published = performance.now();
      const perSecond = (1000 * load.acknowledged.length) / (published - begun);
      expect(perSecond).toBeGreaterThan(LEAST_PER_SECOND);
      const end = await load.settle(patience);
      const settled = performance.now();
      load.expectComplete(end);
      expect(load.refused).toEqual([]);
      expect(server.isWell).toBe(true);

      const connections = load.clients.reduce((sum, client) => sum + client.connections, 0);
      // Each was cut off, and more than once.
      expect(connections).toBeGreaterThan(2 * trial.clients);
      const events = load.acknowledged.length;
      const { rss } = await server.figures();
      tell(`reconnect storm, ${kind}`, {
        seed,
        clients: trial.clients,
        connections,
        events,
        'events per second': Math.round(perSecond),
        'milliseconds to settle': Math.round(settled - published),
        'MiB of the server': Math.round(rss / 2 ** 20),
      });
    });
  },
);
