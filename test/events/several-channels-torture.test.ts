import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Channel } from '../../plugins/events/channel.ts';
import type { EventHub } from '../../plugins/events/event-hub.ts';
import type { Frame } from '../../plugins/events/message.ts';
import type { Sink } from '../../plugins/events/outlet.ts';
import { memoryStore } from '../../plugins/events/stores/memory.ts';
import type { Subscription } from '../../plugins/events/subscription.ts';
import { newHub } from '../support/event-hub.ts';
import { CountingPublisher, MergedContiguityCheck } from '../support/merged-contiguity.ts';
import { randomFrom, seed } from '../support/random.ts';
import { lateStore, slowStore } from '../support/slow-store.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e'];
const EVENTS = 4000;
const READERS = 30;

/** Reads some of the channels at one node or another, at its own pace, leaving at any moment. */
class RovingReader implements Sink {
  readonly channels: readonly string[];
  readonly check: MergedContiguityCheck;
  readonly #nodes: readonly EventHub[];
  readonly #random: () => number;
  #subscription: Subscription | undefined;
  #room = 0;

  constructor(nodes: readonly EventHub[], random: () => number) {
    this.#nodes = nodes;
    this.#random = random;
    this.channels = NAMES.filter((_, index) => index === 0 || random() < 0.5);
    this.check = new MergedContiguityCheck(this.channels);
  }

  write(slice: readonly Frame[]): boolean {
    for (const frame of slice) this.check.take(frame);
    this.#room -= 1;
    return this.#room > 0;
  }

  close(error?: Error): void {
    if (error) throw error;
  }

  act(): void {
    const dice = this.#random();
    if (!this.#subscription || dice < 0.03) this.reconnect();
    if (dice > 0.98) this.leave();
    if (dice > 0.4) this.take(1 + Math.floor(this.#random() * 4));
  }

  reconnect(): void {
    this.leave();
    this.check.reconnect();
    this.#room = 1;
    const node = this.#nodes[Math.floor(this.#random() * this.#nodes.length)];
    if (!node) return;
    const channels = this.channels.map((name) => node.channel(name));
    const { lastEventId } = this.check;
    this.#subscription = Channel.subscribe(channels, this, { lastEventId });
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

describe(`several channels on one connection, at two nodes (seed ${seed})`, () => {
  it.each([
    { limit: EVENTS, trimmed: false },
    { limit: 30, trimmed: true },
  ])(
    'reach each reader without a hole or a repeat in any of them, or it is told (limit $limit)',
    async ({ limit, trimmed }) => {
      const random = randomFrom(seed);
      const store = memoryStore({ limit });
      const nodes = [1, 2].map(() =>
        newHub({ store: lateStore(slowStore(store, random), random) }),
      );
      const readers = Array.from({ length: READERS }, () => new RovingReader(nodes, random));
      const publisher = new CountingPublisher();
      for (let published = 0; published < EVENTS; ) {
        for (let burst = Math.floor(random() * 12); burst > 0; burst -= 1) {
          const name = NAMES[Math.floor(random() ** 2 * NAMES.length)] ?? 'a';
          void nodes[0]?.channel(name).publish({ data: publisher.next(name) });
          published += 1;
        }
        for (const reader of readers) reader.act();
        await turn();
      }
      for (const reader of readers) reader.reconnect();
      const isBehind = ({ channels, check }: RovingReader) =>
        channels.some((name) => check.countOf(name) !== publisher.countOf(name));
      await expect
        .poll(async () => {
          // Who was told of a loss at the very end has to get what is published after it.
          for (const name of NAMES) {
            await nodes[0]?.channel(name).publish({ data: publisher.next(name) });
          }
          for (let turns = 0; turns < 20; turns += 1) {
            for (const reader of readers) reader.take(1000);
            await turn();
          }
          return readers.filter(isBehind).length;
        })
        .toBe(0);
      const losses = readers.reduce((sum, { check }) => sum + check.losses, 0);
      expect(readers.reduce((sum, { check }) => sum + check.received, 0)).toBeGreaterThan(EVENTS);
      if (trimmed) expect(losses).toBeGreaterThan(0);
      else expect(losses).toBe(0);
    },
  );
});
