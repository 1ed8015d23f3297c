import { setTimeout as delay } from 'node:timers/promises';
import Fastify from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { memoryStore } from '../plugins/events/stores/memory.ts';
import sse from '../plugins/sse.ts';
import websocket from '../plugins/websocket.ts';
import { ContiguityCheck, payload } from './support/contiguity.ts';
import {
  type EventReader,
  type OpenReader,
  openSSE,
  openWebSocket,
} from './support/event-reader.ts';
import { randomFrom, seed } from './support/random.ts';

const EVENTS = 4000;
const READERS = 24;

/** A client that is killed, or stops reading, at any moment, and always comes back. */
class ErraticClient {
  readonly check = new ContiguityCheck();
  failure: unknown;
  #reader: EventReader | undefined;
  #away = false;
  readonly #connect: () => void;

  constructor(url: string, open: OpenReader) {
    this.#connect = () => {
      this.check.reconnect();
      this.#reader = open(url, this.check.lastEventId, {
        onEvent: (event) => {
          try {
            this.check.take(event);
          } catch (error) {
            this.failure ??= error;
          }
        },
        onClose: () => {
          if (!this.#away) this.#connect();
        },
      });
    };
    this.#connect();
  }

  act(random: () => number): void {
    const dice = random();
    if (dice < 0.02) this.#reader?.kill();
    else if (dice < 0.06) this.#reader?.pause();
    else if (dice < 0.3) this.#reader?.resume();
  }

  resume(): void {
    this.#reader?.resume();
  }

  /** Disconnects and stays away. */
  leave(): void {
    this.#away = true;
    this.#reader?.kill();
  }

  comeBack(): void {
    this.#away = false;
    this.#connect();
  }
}

describe(`connections killed and stalled at random (seed ${seed})`, () => {
  const app = Fastify();
  const clients: ErraticClient[] = [];
  afterEach(async () => {
    for (const client of clients) client.leave();
    await app.close();
  });

  it('get every event in order once, or are told of the loss, over both transports', async () => {
    await app.register(sse, { store: memoryStore({ limit: 300 }), retry: 100 });
    await app.register(websocket, { path: '/events/ws', channel: 'torture' });
    app.get('/events', (_request, reply) => reply.sse(app.channel('torture')));
    const url = `${await app.listen({ port: 0, host: '127.0.0.1' })}/events`;
    const channel = app.channel('torture');
    const random = randomFrom(seed);
    for (let index = 0; index < READERS; index += 1) {
      clients.push(new ErraticClient(url, index % 2 === 0 ? openSSE : openWebSocket));
    }

    // Away for longer than the log is kept: one on each transport.
    const travellers = clients.slice(0, 2);
    await expect.poll(() => travellers.every(({ check }) => check.lastEventId)).toBe(true);
    for (const traveller of travellers) traveller.leave();

    for (let published = 0; published < EVENTS; ) {
      for (let burst = Math.floor(random() * 30); burst > 0 && published < EVENTS; burst -= 1) {
        published += 1;
        void channel.publish({ data: payload(published) });
      }
      for (const client of clients.slice(2)) client.act(random);
      // The pace of the publisher, not a wait for something to happen.
      await delay(2);
    }

    for (const traveller of travellers) traveller.comeBack();
    await expect
      .poll(
        () => {
          for (const client of clients) client.resume();
          return clients.filter(({ check }) => check.lastEventId !== channel.lastEventId).length;
        },
        { timeout: 15_000 },
      )
      .toBe(0);
    expect(clients.map(({ failure }) => failure).filter(Boolean)).toEqual([]);
    const sum = (count: (client: ErraticClient) => number) =>
      clients.reduce((total, client) => total + count(client), 0);
    expect(sum(({ check }) => check.received)).toBeGreaterThan(EVENTS);
    expect(travellers.map(({ check }) => check.losses)).toEqual([1, 1]);
  });
});
