import type { Entry } from './message.ts';

const MAX_ENTRIES = 256;
const MAX_SLICE_CHARACTERS = 64 * 1024;

/** The newest entries of a log, without holes: what live readers are served from. */
export class RecentEntries {
  readonly #entries: Entry[] = [];
  readonly #slices = new Map<number, readonly Entry[]>();

  push(entry: Entry): void {
    this.#slices.clear();
    if (this.#entries.at(-1)?.seq !== entry.seq - 1) this.#entries.length = 0;
    this.#entries.push(entry);
    if (this.#entries.length > MAX_ENTRIES) this.#entries.shift();
  }

  clear(): void {
    this.#slices.clear();
    this.#entries.length = 0;
  }

  /**
   * The entries after `seq`, about 64 KiB at most, or undefined when the next one is not here. The
   * same array for every reader at that place, so that its bytes are joined once.
   */
  after(seq: number): readonly Entry[] | undefined {
    const known = this.#slices.get(seq);
    if (known) return known;
    const first = this.#entries[0];
    if (!first || seq + 1 < first.seq) return undefined;
    const slice = takeSlice(this.#entries.slice(seq + 1 - first.seq));
    if (slice.length === 0) return undefined;
    this.#slices.set(seq, slice);
    return slice;
  }
}

/** As many of the first entries as make one write: about 64 KiB together, at least one. */
export function takeSlice(entries: readonly Entry[]): readonly Entry[] {
  let length = 0;
  const end = entries.findIndex((entry, index) => {
    length += entry.data.length;
    return index > 0 && length > MAX_SLICE_CHARACTERS;
  });
  return end === -1 ? entries : entries.slice(0, end);
}
