import type { Entry } from './message.ts';
import { takeSlices } from './recent-entries.ts';

/** What was reported in one turn or in several, volatile events in their places. */
export interface Batch {
  /** Number of the entry in front of it. */
  readonly from: number;
  /** Number of its first entry that is kept, Infinity if there is none. */
  readonly first: number;
  readonly slices: readonly (readonly Entry[])[];
}

interface Turn {
  readonly from: number;
  readonly entries: readonly Entry[];
}

/** Who has not been shown more entries than this is left to the log. */
const MAX_ENTRIES = 1024;

/** The last turns of a feed, until all of its readers have been shown them. */
export class Turns {
  #turns: Turn[] = [];
  #count = 0;
  #entries = 0;
  /** Of the present turn, by the number of turns that a reader has been shown. */
  readonly #batches = new Map<number, Batch>();

  /** How many there have been. */
  get count(): number {
    return this.#count;
  }

  /** Whether so many more entries make it forget others. */
  overflowsWith(entries: number): boolean {
    return this.#entries + entries > MAX_ENTRIES;
  }

  /** One more turn. `from`: number of the entry in front of it. */
  push(from: number, entries: readonly Entry[]): void {
    this.#batches.clear();
    this.#turns.push({ from, entries });
    this.#count += 1;
    this.#entries += entries.length;
    while (this.#entries > MAX_ENTRIES && this.#turns.length > 1) this.#forgetOldest();
  }

  /** All turns after so many as one batch, the same for all who ask; undefined if it is not known. */
  after(count: number): Batch | undefined {
    const known = this.#batches.get(count);
    if (known) return known;
    const turns = this.#turns.slice(count - this.#oldest);
    if (count < this.#oldest || !turns[0]) return undefined;
    const entries = turns.flatMap((turn) => turn.entries);
    const first = entries.find(({ volatile }) => !volatile)?.seq ?? Number.POSITIVE_INFINITY;
    const batch = { from: turns[0].from, first, slices: takeSlices(entries) };
    this.#batches.set(count, batch);
    return batch;
  }

  /** Everybody has been shown so many. */
  forget(count: number): void {
    while (this.#oldest < count && this.#turns.length > 0) this.#forgetOldest();
    if (this.#turns.length === 0) this.#batches.clear();
  }

  get #oldest(): number {
    return this.#count - this.#turns.length;
  }

  #forgetOldest(): void {
    this.#entries -= this.#turns.shift()?.entries.length ?? 0;
  }
}
