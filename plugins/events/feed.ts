import type { MergedPage } from './merge-pages.ts';
import type { Entry } from './message.ts';
import { RecentEntries, takeSlices } from './recent-entries.ts';

/** What was reported in one turn, volatile events in their places. */
export interface Batch {
  /** Number of the entry in front of it. */
  readonly from: number;
  /** Number of its first entry that is kept, Infinity if there is none. */
  readonly first: number;
  readonly slices: readonly (readonly Entry[])[];
}

/** What reads a feed: a cursor. */
export interface Reader {
  /** Takes a batch that it is right in front of, else goes its own way. */
  offer(batch: Batch): void;
  /** There may be something new. */
  wake(): void;
}

/** Where a feed finds what it has not kept, and how far the log goes. */
export interface History {
  /** Undefined until the log is open. A change means that the log began anew. */
  readonly epoch: string | undefined;
  /** Number of the newest entry of all channels. */
  readonly head: number;
  page(channels: readonly string[], seq: number): Promise<MergedPage>;
}

/** One or more channels read as one, in the order of numbers; readers of the same share it. */
export class Feed {
  readonly channels: readonly string[];
  readonly #history: History;
  readonly #readers = new Set<Reader>();
  #recent: RecentEntries;
  #incoming: Entry[] = [];
  #head: number;

  constructor(channels: readonly string[], history: History) {
    this.channels = channels;
    this.#history = history;
    this.#head = history.head;
    this.#recent = new RecentEntries(this.#head);
  }

  get epoch(): string | undefined {
    return this.#history.epoch;
  }

  /** Who starts here gets everything from now on. */
  get now(): number {
    return this.#history.head;
  }

  /** A reader below this number may have something to read. */
  get head(): number {
    return this.#head;
  }

  get size(): number {
    return this.#readers.size;
  }

  add(reader: Reader): void {
    this.#readers.add(reader);
  }

  remove(reader: Reader): void {
    this.#readers.delete(reader);
  }

  /** The entries after `seq` as one slice, as far as memory holds them without a hole. */
  recentAfter(seq: number): readonly Entry[] | undefined {
    return this.#recent.after(seq);
  }

  /** The entries after `seq` from the store. */
  pageAfter(seq: number): Promise<MergedPage> {
    return this.#history.page(this.channels, seq);
  }

  /** An entry of one of these channels, seen by readers at the next flush. */
  receive(entry: Entry): void {
    this.#incoming.push(entry);
  }

  /** Shows readers what was received. Events of one turn reach a reader in one write. */
  flush(): void {
    const incoming = this.#incoming;
    const from = this.#head;
    this.#incoming = [];
    const kept = incoming.filter(({ volatile }) => !volatile);
    for (const entry of kept) {
      this.#recent.push(entry);
      this.#head = entry.seq;
    }
    const first = kept[0]?.seq ?? Number.POSITIVE_INFINITY;
    const batch = { from, first, slices: takeSlices(incoming) };
    for (const reader of this.#readers) reader.offer(batch);
  }

  /** From here on entries are reported again; what was before has to be read from the store. */
  restart(head: number): void {
    this.#head = head;
    this.#recent = new RecentEntries(head);
    for (const reader of this.#readers) reader.wake();
  }
}
