import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Channel } from '../../plugins/events/channel.ts';
import type { Frame } from '../../plugins/events/message.ts';
import type { Sink } from '../../plugins/events/outlet.ts';
import { memoryStore } from '../../plugins/events/stores/memory.ts';
import type { Subscription } from '../../plugins/events/subscription.ts';
import { ContiguityCheck, payload } from '../support/contiguity.ts';
import { newChannel } from '../support/event-hub.ts';
import { randomFrom, seed } from '../support/random.ts';
import { slowStore } from '../support/slow-store.ts';

const EVENTS = 3000;
const READERS = 30;

/** A reader that takes a few slices, stalls, leaves at any moment and comes back. */
class ErraticReader implements Sink {
  readonly check = new ContiguityCheck();
  readonly #channel: Channel;
  readonly #random: () => number;
  readonly #diligence: number;
  #subscription: Subscription | undefined;
  #room = 0;

  /** `diligence`: how often it does anything at all, from 0 to 1. */
  constructor(channel: Channel, random: () => number, diligence: number) {
    this.#channel = channel;
    this.#random = random;
    this.#diligence = diligence;
  }

  write(slice: readonly Frame[]): boolean {
    if (this.#room < 1) throw new Error('written to without room');
    for (const { id = '', ...text } of slice) this.check.take({ id, ...text });
    this.#room -= 1;
    return this.#room > 0;
  }

  close(error?: Error): void {
    if (error) throw error;
  }

  act(): void {
    if (this.#random() > this.#diligence) return;
    const dice = this.#random();
    if (!this.#subscription || dice < 0.04) this.reconnect();
    // Leaving right after subscribing, before the log has answered.
    if (dice > 0.98) this.leave();
    if (dice > 0.3) this.take(1 + Math.floor(this.#random() * 4));
  }

  reconnect(): void {
    this.leave();
    this.check.reconnect();
    this.#room = 1;
    this.#subscription = this.#channel.subscribe(this, { lastEventId: this.check.lastEventId });
  }

  leave(): void {
    this.#subscription?.end();
    this.#subscription = undefined;
  }

  take(slices: number): void {
    this.#room = slices;
    this.#subscription?.pump();
  }
}

describe(`a log with erratic readers (seed ${seed})`, () => {
  it.each([
    { limit: EVENTS, trimmed: false },
    { limit: 40, trimmed: true },
  ])(
    'reaches each of them without a hole or a repeat, or says so (limit $limit)',
    async ({ limit, trimmed }) => {
      const random = randomFrom(seed);
      const channel = newChannel({ store: slowStore(memoryStore({ limit }), random) });
      // Every third one falls behind by more than what is kept in memory.
      const readers = Array.from({ length: READERS }, (_, index) => {
        return new ErraticReader(channel, random, index % 3 === 0 ? 0.01 : 1);
      });
      let published = 0;
      while (published < EVENTS) {
        for (let burst = Math.floor(random() * 12); burst > 0 && published < EVENTS; burst -= 1) {
          published += 1;
          void channel.publish({ data: payload(published) });
        }
        for (const reader of readers) reader.act();
        await turn();
      }
      for (const reader of readers) reader.reconnect();
      await expect
        .poll(() => {
          for (const reader of readers) reader.take(1000);
          return readers.filter(({ check }) => check.lastEventId !== channel.lastEventId).length;
        })
        .toBe(0);
      const losses = readers.reduce((sum, { check }) => sum + check.losses, 0);
      const received = readers.reduce((sum, { check }) => sum + check.received, 0);
      expect(channel.size).toBe(READERS);
      expect(received).toBeGreaterThan(EVENTS);
      if (trimmed) expect(losses).toBeGreaterThan(0);
      else expect(losses).toBe(0);
    },
  );
});
