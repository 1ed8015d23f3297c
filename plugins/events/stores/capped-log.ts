import type { Entry } from '../message.ts';
import type { Page } from '../store.ts';
import type { Limits } from './limits.ts';

interface Kept {
  readonly entry: Entry;
  readonly bytes: number;
  readonly at: number;
}

/** The newest entries of one channel, in memory. Times are milliseconds of any one clock. */
export class CappedLog {
  readonly #limits: Limits;
  /** The places in front of `#first` are empty; they are given back in bulk. */
  #kept: (Kept | undefined)[] = [];
  #first = 0;
  #bytes = 0;
  #trimmed: number;

  /** Nothing is known of what the channel had up to the number `trimmed`. */
  constructor(limits: Limits, trimmed: number) {
    this.#limits = limits;
    this.#trimmed = trimmed;
  }

  get size(): number {
    return this.#kept.length - this.#first;
  }

  /** Number of the newest entry that is no longer kept. */
  get trimmed(): number {
    return this.#trimmed;
  }

  /** When the oldest entry is too old. Undefined: there is none. */
  get dueAt(): number | undefined {
    const oldest = this.#kept[this.#first];
    return oldest && oldest.at + this.#limits.maxAge;
  }

  push(entry: Entry, at: number): void {
    const bytes = Buffer.byteLength(entry.data) + Buffer.byteLength(entry.event);
    this.#kept.push({ entry, bytes, at });
    this.#bytes += bytes;
    const { limit, maxBytes } = this.#limits;
    while (this.size > limit || (this.#bytes > maxBytes && this.size > 1)) this.#trim();
  }

  /** Lets go of what is too old at the time `now`. */
  age(now: number): void {
    while ((this.dueAt ?? Number.POSITIVE_INFINITY) <= now) this.#trim();
  }

  read(after: number, limit: number): Page {
    const start = this.#indexAfter(after);
    const page = this.#kept.slice(start, start + limit);
    const entries = page.flatMap((kept) => (kept ? [kept.entry] : []));
    return { entries, gap: after < this.#trimmed };
  }

  #trim(): void {
    const oldest = this.#kept[this.#first];
    if (!oldest) return;
    this.#kept[this.#first] = undefined;
    this.#first += 1;
    this.#bytes -= oldest.bytes;
    this.#trimmed = oldest.entry.seq;
    if (this.#first < 16 || this.#first * 2 < this.#kept.length) return;
    this.#kept = this.#kept.slice(this.#first);
    this.#first = 0;
  }

  /** Numbers have holes here, those of other channels, so the place is searched by halves. */
  #indexAfter(seq: number): number {
    let [low, high] = [this.#first, this.#kept.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#kept[middle]?.entry.seq ?? 0) > seq) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
