import { encodeFrame, sizeOf } from './encode.ts';
import type { Entry } from './message.ts';

const MAX_ENTRIES = 256;
const MAX_BYTES = 16 * 1024 * 1024;
const MAX_SLICE_BYTES = 64 * 1024;

/** The newest entries of a feed, without holes: what live readers are served from. */
export class RecentEntries {
  readonly #entries: Entry[] = [];
  /** Of each of them, as of when it was pushed. */
  readonly #sizes: number[] = [];
  readonly #slices = new Map<number, readonly Entry[]>();
  #bytes = 0;
  #since: number;

  /** All that comes after the number `since` will be pushed. */
  constructor(since: number) {
    this.#since = since;
  }

  push(entry: Entry): void {
    // It costs as much where there are none.
    if (this.#slices.size > 0) this.#slices.clear();
    const size = sizeOf(entry);
    this.#entries.push(entry);
    this.#sizes.push(size);
    this.#bytes += size;
    while (this.#isFull) {
      this.#bytes -= this.#sizes.shift() ?? 0;
      this.#since = this.#entries.shift()?.seq ?? this.#since;
    }
  }

  get #isFull(): boolean {
    const { length } = this.#entries;
    return length > MAX_ENTRIES || (length > 1 && this.#bytes > MAX_BYTES);
  }

  /**
   * The entries after `seq`, about 64 KiB at most, or undefined when the next one may not be here.
   * The same array for every reader at that place, so that its bytes are joined once.
   */
  after(seq: number): readonly Entry[] | undefined {
    const known = this.#slices.get(seq);
    if (known) return known;
    if (seq < this.#since) return undefined;
    const slice = takeSlice(this.#entries.filter((entry) => entry.seq > seq));
    if (slice.length === 0) return undefined;
    this.#slices.set(seq, slice);
    return slice;
  }
}

/** As many of the first entries as make one write: about 64 KiB together, at least one. */
export function takeSlice(entries: readonly Entry[]): readonly Entry[] {
  const end = sliceEnd(entries, 0);
  return end === entries.length ? entries : entries.slice(0, end);
}

/** All of them, in slices of that size. */
export function takeSlices(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  const slices: (readonly Entry[])[] = [];
  for (let start = 0; start < entries.length; ) {
    const end = sliceEnd(entries, start);
    // Most often they are one, which is not copied.
    slices.push(start === 0 && end === entries.length ? entries : entries.slice(start, end));
    start = end;
  }
  return slices;
}

function sliceEnd(entries: readonly Entry[], start: number): number {
  let end = start;
  let bytes = 0;
  for (let entry = entries[end]; entry; entry = entries[end]) {
    bytes += encodeFrame(entry).length;
    if (end > start && bytes > MAX_SLICE_BYTES) break;
    end += 1;
  }
  return end;
}
