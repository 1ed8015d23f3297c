import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { expectBaseline, settle } from '../support/faults/baseline.ts';
import { CalmReaders } from '../support/faults/calm-readers.ts';
import { CommandServer } from '../support/faults/command-server.ts';
import { EventServer } from '../support/faults/event-server.ts';
import { inForm, tell } from '../support/faults/form.ts';
import { SteadyPublisher } from '../support/faults/steady-publisher.ts';
import { StreamChurn } from '../support/faults/stream-churn.ts';
import { useSite } from '../support/faults/use-site.ts';
import { randomFrom, seed } from '../support/random.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** How much there is of the same before the baseline, and again after it, in milliseconds. */
const [WARM_UP, TRIAL] = inForm([700, 1500], [10_000, 60_000]);
const CHANNELS = ['a', 'b', 'c'];

describe(`handles, timers, listeners and heap are back at the baseline (seed ${seed})`, () => {
  it('after streams have come and gone in any way while events are published', {
    timeout: 120_000 + TRIAL,
  }, async () => {
    const server = await EventServer.start({ kind: 'memory', limit: 50 });
    const random = randomFrom(seed);
    const paths = ['/events/a', '/events/b,c', '/events/a,b,c'];
    const use = async (milliseconds: number) => {
      const settings = { port: server.port, paths, perSecond: 100, longest: 1000, random };
      const churn = new StreamChurn(settings);
      const { origin } = server;
      const readers = await CalmReaders.start(origin, CHANNELS, ['a,b,c', 'b']);
      const publisher = new SteadyPublisher({
        origin,
        channels: CHANNELS,
        perSecond: 50,
        onAcknowledged: (event) => readers.acknowledge(event),
      });
      // How long there is churn, not a wait for something to happen.
      await delay(milliseconds);
      churn.stop();
      await publisher.stop();
      expect([...churn.refused, ...publisher.wrong, ...(await readers.end())]).toEqual([]);
      const { connections, bytes } = churn;
      const { published, failed } = publisher;
      return { connections, bytes, published, failed };
    };
    await use(WARM_UP);
    const baseline = await settle(server);
    tell('churn of streams', await use(TRIAL));
    await expectBaseline(server, baseline);
    expect(server.isWell).toBe(true);
  });

  it('after files were edited, pages loaded and streams opened on a dev server', {
    timeout: 120_000 + TRIAL,
  }, async () => {
    const root = temporaryDirectory();
    const server = await CommandServer.start(root);
    const { origin } = server;
    const port = Number(new URL(origin).port);
    const random = randomFrom(seed);
    const use = async (milliseconds: number) => {
      const paths = ['/events'];
      const churn = new StreamChurn({ port, paths, perSecond: 30, longest: 1000, random });
      const signal = AbortSignal.timeout(milliseconds);
      const { count, failed } = await useSite({ origin, root, perSecond: 20 }, signal);
      churn.stop();
      expect(failed).toEqual([]);
      expect(churn.refused).toEqual([]);
      return { loads: count, connections: churn.connections };
    };
    await use(WARM_UP);
    const baseline = await settle(server);
    tell('use of a dev server', await use(TRIAL));
    await expectBaseline(server, baseline);
    expect([server.isRunning, server.complaints]).toEqual([true, '']);
  });
});
