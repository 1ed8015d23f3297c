import type { MergedPage } from './merge-pages.ts';
import type { Entry } from './message.ts';
import { RecentEntries } from './recent-entries.ts';
import { type Batch, Turns } from './turns.ts';

/** Bytes of a batch that take as long as one more reader would. */
const LARGE = 16 * 1024;
/** As so many readers at most: a socket has no room for more. */
const MOST = 16;

/** What reads a feed: a cursor. */
export interface Reader {
  /** How many turns of the feed it has been shown: the feed's to set. */
  turn: number;
  /** There may be something new: in a batch for it, if that is right in front of it, or elsewhere. */
  goOn(): void;
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
  readonly #turns = new Turns();
  /** Where {@link show} goes on, and how many turns there were when it began. */
  #pass: { readonly readers: Iterator<Reader>; readonly turn: number } | undefined;
  /** So many have been shown to all readers. */
  #shown = 0;

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
    reader.turn = this.#turns.count;
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

  /** An entry of one of these channels, shown to readers once its turn has ended. */
  receive(entry: Entry): void {
    this.#incoming.push(entry);
  }

  /** Whether there is nothing for a reader at `seq`; what a filter publishes is there without a turn. */
  isReadTo(seq: number): boolean {
    return seq >= this.#head && !this.isReceiving;
  }

  /** Whether something was received that is part of no turn yet. */
  get isReceiving(): boolean {
    return this.#incoming.length > 0;
  }

  /** Makes a turn of what was received: it reaches a reader in one write. */
  endTurn(): void {
    if (!this.isReceiving) return;
    // Beyond what memory may hold, those who keep up are shown everything, however long that takes.
    if (this.#turns.overflowsWith(this.#incoming)) this.show(Number.POSITIVE_INFINITY);
    const incoming = this.#incoming;
    // What they do then may publish, and end this turn.
    if (incoming.length === 0) return;
    this.#incoming = [];
    this.#turns.push(this.#head, incoming);
    for (const entry of incoming) {
      if (entry.volatile) continue;
      this.#recent.push(entry);
      this.#head = entry.seq;
    }
  }

  /**
   * Shows up to `most` readers the turns that have ended, fewer if these are large. Returns how many are
   * left over of those.
   */
  show(most: number): number {
    let left = most;
    while (left > 0 && !this.isShown) {
      this.#pass ??= { readers: this.#readers.values(), turn: this.#turns.count };
      const { done, value } = this.#pass.readers.next();
      if (done) {
        this.#endPass(this.#pass.turn);
      } else {
        left -= this.#costOf(value);
        if (value.turn !== this.#turns.count) value.goOn();
      }
    }
    return left;
  }

  /** Whether all readers have been shown all turns. */
  get isShown(): boolean {
    return this.#shown === this.#turns.count;
  }

  /** The turns that have ended and that a reader has not been shown, once; undefined if none. */
  batchFor(reader: Reader): Batch | undefined {
    const { turn } = reader;
    if (turn === this.#turns.count) return undefined;
    reader.turn = this.#turns.count;
    return this.#turns.after(turn);
  }

  /** From here on entries are reported again; what was before has to be read from the store. */
  restart(head: number): void {
    this.#head = head;
    this.#recent = new RecentEntries(head);
  }

  /** Has all readers look for something new. */
  goOn(): void {
    for (const reader of this.#readers) reader.goOn();
  }

  /** In readers: how much of a turn of the event loop it takes to show it what it has not been shown. */
  #costOf({ turn }: Reader): number {
    const bytes = turn === this.#turns.count ? 0 : (this.#turns.after(turn)?.bytes ?? 0);
    return Math.min(MOST, 1 + Math.floor(bytes / LARGE));
  }

  #endPass(turn: number): void {
    this.#turns.forget(turn);
    this.#pass = undefined;
    this.#shown = turn;
  }
}
