import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Position } from '../../events/event-id.ts';
import type { Entry } from '../../events/message.ts';
import type { EventStore, Tail } from '../../events/store.ts';

export interface StoreOptions {
  /** Entries a channel keeps at least. */
  readonly limit?: number;
}

/** Resolves to an empty store. */
export type OpenStore = (options?: StoreOptions) => Promise<EventStore>;

/** Ways to a log that is there already, for stores that have them. */
export interface StoreSecondOpeners {
  /** Opens the log of a store that was closed, as after a restart, with the same options. */
  readonly reopen?: (closed: EventStore) => Promise<EventStore>;
  /** Opens the log of an open store once more, as another process would. */
  readonly join?: (open: EventStore) => Promise<EventStore>;
}

export interface StoreCase {
  readonly name: string;
  run(context: StoreContext): Promise<void>;
}

/** Opens the stores of one test and closes them after it. */
export class StoreContext {
  readonly #open: OpenStore;
  readonly #others: StoreSecondOpeners;
  readonly #opened: EventStore[] = [];

  constructor(open: OpenStore, others: StoreSecondOpeners) {
    this.#open = open;
    this.#others = others;
  }

  async open(options?: StoreOptions): Promise<EventStore> {
    return this.#track(await this.#open(options));
  }

  async restart(store: EventStore): Promise<EventStore> {
    await store.close();
    assert(this.#others.reopen);
    return this.#track(await this.#others.reopen(store));
  }

  async join(store: EventStore): Promise<EventStore> {
    assert(this.#others.join);
    return this.#track(await this.#others.join(store));
  }

  async close(): Promise<void> {
    await Promise.all(this.#opened.map((store) => store.close()));
  }

  #track(store: EventStore): EventStore {
    this.#opened.push(store);
    return store;
  }
}

/** What a follower has been told. */
export interface Following {
  readonly entries: readonly Entry[];
  readonly tail: Tail;
}

export async function follow(store: EventStore): Promise<Following> {
  const entries: Entry[] = [];
  const tail = await store.follow((entry) => void entries.push(entry));
  return { entries, tail };
}

const PATIENCE = 10_000;

/** Waits until a condition holds; fails with `what` when it does not for ten seconds. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + PATIENCE;
  while (!condition()) {
    assert(Date.now() < deadline, `waited in vain: ${what}`);
    await sleep(2);
  }
}

/** Appends `count` events, `data` being 0, 1, 2, ..., all at once. */
export function appendMany(store: EventStore, channel: string, count: number): Promise<Entry[]> {
  const all = Array.from({ length: count }, (_, n) => store.append(channel, text(n)));
  return Promise.all(all);
}

export function text(data: unknown): { event: string; data: string } {
  return { event: 'message', data: String(data) };
}

/** The start of the log of these entries. */
export function beginning(tail: Tail): Position {
  return { epoch: tail.epoch, seq: 0 };
}

/** All that is kept of a channel after a position, read in pages. */
export async function readAll(
  store: EventStore,
  channel: string,
  from: Position,
  limit = 128,
): Promise<Entry[]> {
  const all: Entry[] = [];
  for (;;) {
    const seq = all.at(-1)?.seq ?? from.seq;
    const { entries } = await store.read(channel, { epoch: from.epoch, seq }, limit);
    assert(entries.length <= limit, 'a page has no more entries than were asked for');
    all.push(...entries);
    if (entries.length < limit) return all;
  }
}

export function seqs(entries: readonly Entry[]): number[] {
  return entries.map(({ seq }) => seq);
}

/** From `first` to `last`, both included. */
export function range(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, n) => first + n);
}

/** The fields of an entry as plain values, whatever kind of object a store makes. */
export function plain({ channel, seq, id, event, data, volatile = false }: Entry): Entry {
  return { channel, seq, id, event, data, volatile };
}
