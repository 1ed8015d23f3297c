import { describe, expect, it, onTestFinished } from 'vitest';
import { EventServer } from '../support/faults/event-server.ts';
import { inForm, isLong, tell } from '../support/faults/form.ts';
import { HerdClient } from '../support/faults/herd-client.ts';
import { peakOverMean } from '../support/faults/peak.ts';
import type { Transport } from '../support/faults/requests.ts';

const CLIENTS = inForm(300, 10_000);
const RETRY = inForm(1000, 10_000);
const soon = { timeout: inForm(30_000, 120_000), interval: 50 };

describe.each<Transport>(['sse', 'websocket'])(`${CLIENTS} clients over %s`, (transport) => {
  it('come back to a server that was killed one by one, and none in vain', {
    timeout: inForm(60_000, 300_000),
  }, async () => {
    const server = await EventServer.start({ kind: 'memory', limit: 10 }, { retry: RETRY });
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

    await server.restart();
    const away = () => clients.filter(({ streams }) => streams < 2).length;
    await expect.poll(away, soon).toBe(0);
    expect(clients.flatMap(({ errors }) => errors)).toEqual([]);
    const delays = clients.flatMap(({ delay = 0 }) => delay);
    const peak = peakOverMean(delays, 10);
    // What a machine does that has no time for the server is told, and judged where it has.
    const accepted = peakOverMean((await server.arrivals()).slice(0, CLIENTS), 10);
    const refused = clients.reduce((sum, client) => sum + client.refused, 0);
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
