import { describe, expect, it, onTestFinished } from 'vitest';
import { EventServer } from '../support/faults/event-server.ts';
import { inForm, isLong, tell } from '../support/faults/form.ts';
import { HerdClient } from '../support/faults/herd-client.ts';
import { peakOverMean } from '../support/faults/peak.ts';
import { post } from '../support/faults/publisher.ts';
import type { Transport } from '../support/faults/requests.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const CLIENTS = inForm(300, 10_000);
const RETRY = inForm(1000, 10_000);
const EVENTS = 20;
const soon = { timeout: inForm(30_000, 120_000), interval: 50 };

describe.each<Transport>(['sse', 'websocket'])(`${CLIENTS} clients over %s`, (transport) => {
  it('come back to a server that was killed one by one, none in vain, and have every event', {
    timeout: inForm(60_000, 300_000),
  }, async () => {
    const path = temporaryDirectory();
    const store = { kind: 'durable', path, durability: 'commit', limit: 1000 } as const;
    const server = await EventServer.start(store, { retry: RETRY });
    const texts: string[] = [];
    let published = 0;
    const publish = async () => {
      published += 1;
      const { id } = await post(server.origin, 'a', `event ${published}`);
      if (id !== undefined) texts.push(`event ${published}`);
      return id;
    };
    const settings = { port: server.port, path: '/events/a', transport, retry: RETRY };
    const clients: HerdClient[] = [];
    onTestFinished(() => {
      for (const client of clients) client.leave();
    });
    // Not more at a time than wait in the queue of a listening socket.
    while (clients.length < CLIENTS) {
      const count = Math.min(CLIENTS - clients.length, 250);
      clients.push(...Array.from({ length: count }, () => new HerdClient(settings)));
      const waiting = () => clients.filter(({ streams }) => streams === 0).length;
      await expect.poll(waiting, { ...soon, interval: 5 }).toBe(0);
    }

    // Killed while the last of them are on their way to most.
    while (published < EVENTS) expect(await publish()).toBeDefined();
    await server.restart();
    const away = () => clients.filter(({ streams }) => streams < 2).length;
    await expect.poll(away, soon).toBe(0);
    expect(clients.flatMap(({ errors }) => errors)).toEqual([]);
    const delays = clients.flatMap(({ delay = 0 }) => delay);
    const peak = peakOverMean(delays, 10);
    // What a machine does that has no time for the server is told, and judged where it has.
    const accepted = peakOverMean((await server.arrivals()).slice(0, CLIENTS), 10);
    const refused = clients.reduce((sum, client) => sum + client.refused, 0);
    // Only now: a connection of this would count among those of the herd.
    await expect.poll(publish, soon).toBeDefined();
    const last = texts.at(-1);
    const behind = () => clients.filter((client) => client.texts.at(-1) !== last).length;
    await expect.poll(behind, soon).toBe(0);
    // One that was not acknowledged may be there or not.
    const isAcknowledged = (text: string) => texts.includes(text);
    for (const client of clients) expect(client.texts.filter(isAcknowledged)).toEqual(texts);
    tell(`herd of ${CLIENTS} over ${transport}`, {
      'peak of the times told': `${peak.toFixed(2)} x mean`,
      'peak of accepts': `${accepted.toFixed(2)} x mean`,
      'refused while it was down': refused,
    });
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(RETRY);
    expect(Math.max(...delays)).toBeLessThanOrEqual(2 * RETRY);
    expect(peak).toBeLessThan(3);
    if (isLong) expect(accepted).toBeLessThan(3);
    expect(server.isWell).toBe(true);
  });
});
