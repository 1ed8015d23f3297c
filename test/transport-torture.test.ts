import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import websocket from '../plugins/websocket.ts';
import { ContiguityCheck, payload } from './support/contiguity.ts';
import { takeWay } from './support/direct.ts';
import { ErraticClient } from './support/erratic-client.ts';
import { openGzipSSE, openSSE, openWebSocket } from './support/event-reader.ts';
import { randomFrom, seed } from './support/random.ts';
import { listen, sseApp } from './support/sse-app.ts';
import { newStore, stores } from './support/stores.ts';

const EVENTS = 4000;
const READERS = 24;
const KEPT = 300;

const trials = [
  ...stores.map((kind) => ({ kind, way: 'direct' as const, events: EVENTS })),
  // Of what is not common to both ways there is little.
  { kind: 'memory' as const, way: 'piped' as const, events: EVENTS / 2 },
];

describe.each(trials)(
  `on a $kind store, streams $way, connections killed and stalled at random (seed ${seed})`,
  { timeout: 60_000 },
  ({ kind, way, events }) => {
    takeWay(way);

    it('get every event in order once, or are told of the loss, over both transports', async () => {
      const app = await sseApp({ store: await newStore(kind, KEPT), retry: 100 });
      await app.register(websocket, { path: '/events/ws', channel: 'torture' });
      const channel = app.channel('torture', { compress: true });
      app.get('/events', (_request, reply) => reply.sse(channel));
      const url = `${await listen(app)}/events`;
      const random = randomFrom(seed);
      const transports = [openSSE, openWebSocket, openGzipSSE, openWebSocket];
      const clients = Array.from({ length: READERS }, (_, index) => {
        const open = transports[index % transports.length] ?? openSSE;
        return new ErraticClient(new ContiguityCheck(), open, () => url, random);
      });
      onTestFinished(() => {
        for (const client of clients) client.leave();
      });

      // Away for longer than the log is kept: one on each transport.
      const travellers = clients.slice(0, 2);
      await expect.poll(() => travellers.every(({ check }) => check.lastEventId)).toBe(true);
      for (const traveller of travellers) traveller.leave();

      const published: Promise<string>[] = [];
      while (published.length < events) {
        for (let burst = Math.floor(random() * 30); burst > 0; burst -= 1) {
          published.push(channel.publish({ data: payload(published.length + 1) }));
        }
        for (const client of clients.slice(2)) client.act();
        // The pace of the publisher, not a wait for something to happen.
        await delay(2);
      }
      const newest = (await Promise.all(published)).at(-1);

      for (const traveller of travellers) traveller.comeBack();
      await expect
        .poll(
          () => {
            for (const client of clients) client.resume();
            return clients.filter(({ check, failure }) => !failure && check.lastEventId !== newest);
          },
          { timeout: 40_000 },
        )
        .toEqual([]);
      expect(clients.flatMap(({ failure }) => failure ?? [])).toEqual([]);
      const sum = (count: (client: ErraticClient<ContiguityCheck>) => number) =>
        clients.reduce((total, client) => total + count(client), 0);
      expect(sum(({ check }) => check.received)).toBeGreaterThan(events);
      expect(sum(({ connections }) => connections)).toBeGreaterThan(2 * READERS);
      // More than one, where a page was at hand that has been trimmed meanwhile.
      for (const { check } of travellers) expect(check.losses).toBeGreaterThan(0);
    });
  },
);
