import { SlowReaderError } from '../errors.ts';
import { formatEventId, parseEventId } from './event-id.ts';
import type { Feed, Reader } from './feed.ts';
import type { MergedPage } from './merge-pages.ts';
import { type Entry, type EventText, type Frame, POSITION } from './message.ts';
import { Snapshot, type SnapshotSource } from './snapshot.ts';

/** The receiving end of one connection. */
export interface Sink {
  /** Takes neighbouring events, always; false asks to wait for the next `pump`. */
  write(slice: readonly Frame[]): boolean;
  /** Ends the connection, because the channel closes or, with an error, because it cannot go on. */
  close(error?: Error): void;
}

/** Where a cursor begins and what it lets through. */
export interface CursorOptions {
  /** Where the client asks to resume. */
  readonly lastEventId?: string | undefined;
  /** Where a client begins that does not ask: an event id, or one of these. @default 'now' */
  readonly from?: string | undefined;
  readonly filter?: ((entry: Entry) => boolean) | undefined;
  /** The state, for a client that begins or has lost events. */
  readonly snapshot?: SnapshotSource | undefined;
  /** Instead of telling a client that it has lost events. @default snapshot */
  readonly onLost?: SnapshotSource | undefined;
}

/** Hears what a cursor does, to count it. */
export interface CursorObserver {
  delivered(count: number): void;
  lost(): void;
}

/** So many entries that a filter holds back, and the client is told a newer place to resume from. */
const MAX_WITHHELD = 32;
/** What a single stream may be sent while it is behind. */
const MAX_HELD = 1024;
const MAX_HELD_CHARACTERS = 1024 * 1024;

/** A place in a feed that advances by entries or by a declared gap, at the pace of its sink. */
export class Cursor implements Reader {
  readonly #feed: Feed;
  readonly #sink: Sink;
  readonly #options: CursorOptions;
  readonly #observer: CursorObserver;
  /** Undefined until the log is open. */
  #epoch: string | undefined;
  #seq = 0;
  /** What the next position frame has to say, undefined when none is due. */
  #recovered: boolean | undefined = true;
  /** Whether a gap in front of the first entry is no loss, since the client asked for what there is. */
  #isBeginning = false;
  /** Whether the place asked for may be one that only the store knows, or nobody. */
  #isAhead = false;
  #withheld = 0;
  #held: EventText[] = [];
  #heldCharacters = 0;
  #snapshot: Snapshot | undefined;
  #room = true;
  #reading = false;
  #closed = false;

  constructor(feed: Feed, sink: Sink, options: CursorOptions, observer: CursorObserver) {
    this.#feed = feed;
    this.#sink = sink;
    this.#options = options;
    this.#observer = observer;
    feed.add(this);
    this.#start();
  }

  /** Where a client that has received everything so far would resume. */
  get id(): string {
    const epoch = this.#epoch ?? '';
    // No id of ours: who leaves before the snapshot is complete gets it again.
    return this.#snapshot ? `${epoch}-pending` : formatEventId(epoch, this.#seq);
  }

  /** The sink has room: go on. */
  pump(): void {
    this.#room = true;
    this.wake();
  }

  /** The log was opened or has grown: go on if the sink has room. */
  wake(): void {
    this.#start();
    if (this.#epoch === undefined || this.#reading) return;
    this.#guard(() => {
      while (this.#room && !this.#closed && this.#step());
    });
    this.#snapshot?.pump();
  }

  offer(from: number, slices: readonly (readonly Entry[])[]): void {
    const first = slices[0]?.find(({ volatile }) => !volatile)?.seq ?? Number.POSITIVE_INFINITY;
    const isLive = this.#isLive() && this.#seq >= from && this.#seq < first;
    if (isLive) this.#guard(() => this.#takeLive(slices));
    this.wake();
  }

  /** Sends an event that is in no log, after everything that was published before it. */
  send(text: EventText): void {
    this.#held.push(text);
    this.#heldCharacters += text.data.length;
    if (this.#heldCharacters > MAX_HELD_CHARACTERS || this.#held.length > MAX_HELD) {
      this.#fail(new SlowReaderError());
    }
    this.wake();
  }

  /** Tells the client its place if it has moved unseen. Whether there was something to tell. */
  refresh(): boolean {
    if (this.#withheld === 0 || !this.#isLive()) return false;
    this.#recovered = true;
    this.wake();
    return true;
  }

  /** Nothing is written any more. */
  close(): void {
    this.#closed = true;
    this.#feed.remove(this);
    this.#snapshot?.stop();
  }

  #isLive(): boolean {
    const isWaiting = this.#reading || this.#snapshot || this.#recovered !== undefined;
    return !isWaiting && this.#room && !this.#closed && this.#epoch === this.#feed.epoch;
  }

  /** Takes the place asked for, as soon as the log can tell whether it knows it. */
  #start(): void {
    const { epoch, now } = this.#feed;
    if (this.#epoch !== undefined || epoch === undefined) return;
    this.#epoch = epoch;
    this.#seq = now;
    const { lastEventId, from, snapshot } = this.#options;
    if (lastEventId === undefined && from === 'earliest') {
      this.#seq = 0;
      this.#isBeginning = true;
      return;
    }
    const asked = lastEventId ?? (from === 'now' ? undefined : from);
    if (asked === undefined) {
      if (snapshot) this.#begin(snapshot);
      return;
    }
    const position = parseEventId(asked);
    if (position?.epoch !== epoch) return this.#lose(now);
    this.#seq = position.seq;
    this.#isAhead = position.seq > now;
  }

  /** Writes the next thing there is to write. False when there is none yet. */
  #step(): boolean {
    if (this.#epoch !== this.#feed.epoch) this.#lose(this.#feed.head);
    if (this.#snapshot || this.#recovered === false) return this.#announce();
    if (this.#seq >= this.#feed.head && !this.#isAhead) return this.#announce() || this.#release();
    const slice = this.#feed.recentAfter(this.#seq);
    if (slice) return this.#advance(slice);
    void this.#readPage();
    return false;
  }

  /** Writes what directly follows the place of this cursor: everything up to the number `through`. */
  #advance(slice: readonly Entry[], through = slice.at(-1)?.seq ?? 0): boolean {
    // A position that is due goes first; if it leaves no room, this is asked for again.
    if (this.#announce() && !this.#room) return true;
    const { filter } = this.#options;
    const passed = filter ? slice.filter(filter) : slice;
    this.#seq = Math.max(this.#seq, through);
    this.#withhold(slice, passed);
    // The same array for all readers that get all of it: its bytes are shared.
    if (passed.length > 0) this.#write(passed.length === slice.length ? slice : passed);
    return true;
  }

  /** Whoever gets few of the entries is told now and then where they are, so that ids do not age. */
  #withhold(slice: readonly Entry[], passed: readonly Entry[]): void {
    const last = passed.at(-1);
    this.#withheld = last
      ? slice.length - 1 - slice.lastIndexOf(last)
      : this.#withheld + slice.length;
    if (this.#withheld >= MAX_WITHHELD) this.#recovered = true;
  }

  /** Tells the client where it is and whether it has missed anything. False when not due. */
  #announce(): boolean {
    const recovered = this.#recovered;
    if (recovered === undefined) return false;
    this.#recovered = undefined;
    this.#isBeginning = false;
    this.#withheld = 0;
    const data = JSON.stringify(this.#snapshot ? { recovered, snapshot: true } : { recovered });
    this.#room = this.#sink.write([{ id: this.id, event: POSITION, data }]);
    return true;
  }

  /** Sends what had to wait for the entries in front of it. False when there is nothing. */
  #release(): boolean {
    if (this.#held.length === 0) return false;
    const held = this.#held.map((text) => ({ ...text, id: this.id }));
    this.#held = [];
    this.#heldCharacters = 0;
    this.#write(held);
    return true;
  }

  #write(slice: readonly Frame[]): void {
    this.#room = this.#sink.write(slice);
    this.#observer.delivered(slice.length);
  }

  /** Declares everything up to `seq` lost. */
  #lose(seq: number): void {
    const { snapshot, onLost = snapshot } = this.#options;
    this.#epoch = this.#feed.epoch;
    this.#seq = seq;
    this.#recovered = false;
    this.#observer.lost();
    if (onLost) this.#begin(onLost);
  }

  /** Sends the state as of the newest entry, then goes on from there. */
  #begin(source: SnapshotSource): void {
    this.#snapshot?.stop();
    this.#seq = this.#feed.now;
    this.#recovered = true;
    const snapshot: Snapshot = new Snapshot(source, {
      hasRoom: () => this.#room && this.#recovered === undefined,
      send: (text) => this.#write([{ ...text, id: this.id }]),
      end: (error) => {
        if (this.#snapshot !== snapshot) return;
        this.#snapshot = undefined;
        if (error) return this.#sink.close(error);
        this.#recovered = true;
        this.wake();
      },
    });
    this.#snapshot = snapshot;
  }

  #takeLive(slices: readonly (readonly Entry[])[]): void {
    for (const slice of slices) {
      if (this.#isLive()) this.#advance(slice);
    }
  }

  async #readPage(): Promise<void> {
    this.#reading = true;
    try {
      this.#takePage(await this.#feed.pageAfter(this.#seq));
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#reading = false;
    }
    this.wake();
  }

  #takePage({ entries, through, gap }: MergedPage): void {
    if (this.#closed || this.#epoch !== this.#feed.epoch) return;
    const isLoss = gap && !this.#isBeginning;
    this.#isBeginning = this.#isAhead = false;
    if (!isLoss) {
      this.#advance(entries, through);
      return;
    }
    const [first] = entries;
    if (!first) return this.#lose(through);
    // The store may have begun anew without having told: there is nothing to go on with yet.
    const isOurs = parseEventId(first.id)?.epoch === this.#epoch;
    this.#lose(isOurs ? first.seq - 1 : this.#feed.now);
  }

  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#closed = true;
    this.#sink.close(error instanceof Error ? error : new Error(String(error)));
  }
}
