import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import { POSITION } from '../../../plugins/events/message.ts';
import { type EventReader, openSSE, openWebSocket } from '../event-reader.ts';
import { post } from './publisher.ts';

const PACE_MILLISECONDS = 20;

/** Readers of one channel that say how old each of its events is when it comes. */
export class Latencies {
  readonly #readers: EventReader[] = [];
  readonly #origin: string;
  readonly #channel: string;
  #milliseconds: number[] = [];
  #positions = 0;

  private constructor(origin: string, channel: string) {
    this.#origin = origin;
    this.#channel = channel;
  }

  /** Resolves once all of them, half over each transport, know their place. */
  static async start(origin: string, channel: string, count: number): Promise<Latencies> {
    const latencies = new Latencies(origin, channel);
    const url = `${origin}/events/${channel}`;
    const onEvent = ({ event, data }: { event: string; data: string }) => {
      if (event === POSITION) latencies.#positions += 1;
      else latencies.#milliseconds.push(performance.now() - Number(data));
    };
    for (let nth = 0; nth < count; nth += 1) {
      const open = nth % 2 === 0 ? openSSE : openWebSocket;
      latencies.#readers.push(open(url, undefined, { onEvent, onClose: () => {} }));
    }
    onTestFinished(() => {
      for (const reader of latencies.#readers) reader.kill();
    });
    const soon = { timeout: 30_000, interval: 20 };
    await expect.poll(() => latencies.#positions, soon).toBe(count);
    return latencies;
  }

  /** Publishes while `action` goes on; resolves to the age that so great a part stayed below. */
  async during(action: () => Promise<void>, part = 0.99): Promise<number> {
    this.#milliseconds = [];
    let isOver = false;
    let published = 0;
    const ended = action().finally(() => {
      isOver = true;
    });
    while (!isOver) {
      const { id } = await post(this.#origin, this.#channel, String(performance.now()));
      if (id !== undefined) published += 1;
      await delay(PACE_MILLISECONDS);
    }
    await ended;
    const count = published * this.#readers.length;
    await expect.poll(() => this.#milliseconds.length, { timeout: 30_000 }).toBe(count);
    const sorted = this.#milliseconds.sort((one, other) => one - other);
    return sorted[Math.floor(sorted.length * part)] ?? Number.POSITIVE_INFINITY;
  }
}
