import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { CalmReaders } from '../support/faults/calm-readers.ts';
import { EventServer, type StoreSettings } from '../support/faults/event-server.ts';
import { SteadyPublisher } from '../support/faults/steady-publisher.ts';
import { StreamChurn } from '../support/faults/stream-churn.ts';
import { randomFrom, seed } from '../support/random.ts';
import { soak, type Use } from './soak.ts';

const CHANNELS = ['a', 'b', 'c', 'd'];
const PATHS = ['/events/a', '/events/b,c', '/events/a,b,c,d', '/events/d'];
const EVENTS_PER_SECOND = 50;

/** `perSecond`: connections to a server of its own on this store, beside 50 events. */
export async function soakEvents(store: StoreSettings, perSecond: number): Promise<void> {
  const server = await EventServer.start(store);
  await soak(`soak, ${store.kind}`, server, useOfEvents(server, perSecond));
  expect(server.isWell).toBe(true);
}

/** Streams that come and go, events that are published, and some who read each of them. */
function useOfEvents({ port, origin }: EventServer, perSecond: number): Use {
  const random = randomFrom(seed);
  return async (milliseconds) => {
    const churn = new StreamChurn({ port, paths: PATHS, perSecond, longest: 2000, random });
    const readers = await CalmReaders.start(origin, CHANNELS, ['a,b,c,d', 'b,c', 'd']);
    const publisher = new SteadyPublisher({
      origin,
      channels: CHANNELS,
      perSecond: EVENTS_PER_SECOND,
      onAcknowledged: (event) => readers.acknowledge(event),
    });
    await delay(milliseconds);
    churn.stop();
    await publisher.stop();
    const { connections, bytes, refused } = churn;
    const { published, failed, wrong } = publisher;
    const figures = { connections, bytes, published, failed };
    return { figures, wrong: [...refused, ...wrong, ...(await readers.end())] };
  };
}
