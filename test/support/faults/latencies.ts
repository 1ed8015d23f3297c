import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import { POSITION } from '../../../plugins/events/message.ts';
import type { Received } from '../contiguity.ts';
import { type EventReader, openSSE, openWebSocket } from '../event-reader.ts';
import { Journal } from './journal.ts';
import { type Acknowledged, post } from './publisher.ts';

const PACE_MILLISECONDS = 20;
/** Readers with a journal. With one for each of a thousand, its work would be in what is measured. */
const CHECKED = 4;

/** Readers of one channel that say how old each of its events is when it comes. */
export class Latencies {
  readonly #readers: EventReader[] = [];
  readonly #journals: Journal[] = [];
  readonly #acknowledged: Acknowledged[] = [];
  readonly #faults: string[] = [];
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
    for (let nth = 0; nth < count; nth += 1) latencies.#add(nth);
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
      const data = String(performance.now());
      const { id } = await post(this.#origin, this.#channel, data);
      if (id !== undefined) {
        published += 1;
        this.#acknowledged.push({ id, data });
      }
      await delay(PACE_MILLISECONDS);
    }
    await ended;
    const count = published * this.#readers.length;
    await expect.poll(() => this.#milliseconds.length, { timeout: 30_000 }).toBe(count);
    const sorted = this.#milliseconds.sort((one, other) => one - other);
    return sorted[Math.floor(sorted.length * part)] ?? Number.POSITIVE_INFINITY;
  }

  /** Every reader has had all that was acknowledged, once and in order. */
  expectComplete(): void {
    // As many as were published for all of them together, and none of them one twice.
    expect(this.#faults).toEqual([]);
    expect(this.#journals.length).toBeGreaterThan(0);
    for (const { entries, losses } of this.#journals) {
      expect(entries.map(({ id, data }) => ({ id, data }))).toEqual(this.#acknowledged);
      expect(losses).toBe(0);
    }
  }

  #add(nth: number): void {
    const open = nth % 2 === 0 ? openSSE : openWebSocket;
    const journal = nth < CHECKED ? new Journal([this.#channel], false) : undefined;
    if (journal !== undefined) this.#journals.push(journal);
    let newest = 0;
    const onEvent = (received: Received) => {
      const sent = Number(received.data);
      if (received.event === POSITION) this.#positions += 1;
      else {
        this.#milliseconds.push(performance.now() - sent);
        // The later one was published later.
        if (sent <= newest) this.#faults.push(`reader ${nth}: ${newest} -> ${sent}`);
        newest = sent;
      }
      if (journal !== undefined) this.#record(journal, received);
    };
    const url = `${this.#origin}/events/${this.#channel}`;
    this.#readers.push(open(url, undefined, { onEvent, onClose: () => {} }));
  }

  #record(journal: Journal, received: Received): void {
    try {
      journal.take(received);
    } catch (error) {
      this.#faults.push(String(error));
    }
  }
}
