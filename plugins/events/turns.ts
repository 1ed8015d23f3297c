import { sizeOf } from './encode.ts';
import type { Entry } from './message.ts';
import { takeSlices } from './recent-entries.ts';

/** What was reported in one turn or in several, volatile events in their places. */
export interface Batch {
  /** Number of the entry in front of it. */
  readonly from: number;
  /** Number of its first entry that is kept, Infinity if there is none. */
  readonly first: number;
  readonly slices: readonly (readonly Entry[])[];
  /** Of all of them. */
  readonly bytes: number;
}

interface Turn {
  readonly from: number;
  readonly entries: readonly Entry[];
  readonly bytes: number;
}

const MAX_BYTES = 16 * 1024 * 1024;
/** What an entry takes besides its text. */
const ENTRY_BYTES = 256;

/** The last turns of a feed, until all of its readers have been shown them. */
export class Turns {
  readonly #maxBytes: number;
  #turns: Turn[] = [];
  #count = 0;
  #entries = 0;
  #bytes = 0;
  /** Of the present turn, by the number of turns that a reader has been shown. */
  readonly #batches = new Map<number, Batch>();

  /** @param maxBytes of memory: who has not been shown more is left to the log. @default 16 MiB */
  constructor(maxBytes = MAX_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** How many there have been. */
  get count(): number {
    return this.#count;
  }

  /** Whether these entries make it forget others. */
  overflowsWith(entries: readonly Entry[]): boolean {
    const memory = this.#bytes + bytesOf(entries) + ENTRY_BYTES * (this.#entries + entries.length);
    return this.#turns.length > 0 && memory > this.#maxBytes;
  }

  /** One more turn. `from`: number of the entry in front of it. */
  push(from: number, entries: readonly Entry[]): void {
    this.#forgetBatches();
    while (this.overflowsWith(entries)) this.#forgetOldest();
    const bytes = bytesOf(entries);
    this.#turns.push({ from, entries, bytes });
    this.#count += 1;
    this.#entries += entries.length;
    this.#bytes += bytes;
  }

  /** All turns after so many as one batch, the same for all who ask; undefined if it is not known. */
  after(count: number): Batch | undefined {
    const known = this.#batches.get(count);
    if (known) return known;
    const oldest = this.#count - this.#turns.length;
    const turns = count === oldest ? this.#turns : this.#turns.slice(count - oldest);
    const [turn, ...others] = turns;
    if (count < oldest || !turn) return undefined;
    const entries = others.length === 0 ? turn.entries : turns.flatMap((each) => each.entries);
    const first = entries.find(({ volatile }) => !volatile)?.seq ?? Number.POSITIVE_INFINITY;
    const slices = takeSlices(entries);
    const batch = { from: turn.from, first, slices, bytes: bytesOf(entries) };
    this.#batches.set(count, batch);
    return batch;
  }

  /** Everybody has been shown so many. */
  forget(count: number): void {
    while (this.#count - this.#turns.length < count && this.#turns.length > 0) this.#forgetOldest();
    if (this.#turns.length === 0) this.#forgetBatches();
  }

  #forgetBatches(): void {
    // It costs as much where there are none.
    if (this.#batches.size > 0) this.#batches.clear();
  }

  #forgetOldest(): void {
    const { entries = [], bytes = 0 } = this.#turns.shift() ?? {};
    this.#entries -= entries.length;
    this.#bytes -= bytes;
  }
}

function bytesOf(entries: readonly Entry[]): number {
  return entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
}
