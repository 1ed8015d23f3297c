import { chooseBeginning } from './beginning.ts';
import type { CursorOptions, CursorOwner } from './cursor-options.ts';
import { formatEventId } from './event-id.ts';
import type { Feed, Reader } from './feed.ts';
import type { MergedPage, Rest } from './merge-pages.ts';
import type { Entry } from './message.ts';
import type { Outlet } from './outlet.ts';
import { Snapshot, type SnapshotSource } from './snapshot.ts';

/** A place in a feed that advances by entries or by a declared gap, at the pace of its sink. */
export class Cursor implements Reader {
  turn = 0;
  readonly #feed: Feed;
  readonly #outlet: Outlet;
  readonly #options: CursorOptions;
  readonly #owner: CursorOwner;
  /** Undefined until the log is open. */
  #epoch: string | undefined;
  #seq = 0;
  /** Whether a gap in front of the first entry is no loss. */
  #isBeginning = false;
  #snapshot: Snapshot | undefined;
  #rest: Rest | undefined;
  #reading = false;
  /** What is called on the way, a filter or a sink, may call back. */
  #going = false;
  #closed = false;

  constructor(feed: Feed, outlet: Outlet, options: CursorOptions, owner: CursorOwner) {
    this.#feed = feed;
    this.#options = options;
    this.#owner = owner;
    this.#outlet = outlet;
    feed.add(this);
  }

  goOn(): void {
    if (this.#closed || this.#going) return;
    this.#going = true;
    try {
      this.#begin();
      while (this.#canGoOn() && (this.#takeBatch() || this.#step()));
    } catch (error) {
      this.#owner.failed(error);
    }
    this.#going = false;
    if (!this.#outlet.isFinishing) this.#snapshot?.pump();
    else if (!this.#reading && !this.#outlet.owes && this.#isAtHead()) this.#owner.reached();
  }

  /** Writes what was published before and what is for this client alone, then tells its owner. */
  finish(): void {
    // A log that is not open has no end yet.
    this.#outlet.finish(this.#feed.epoch ? this.#feed.now : Number.POSITIVE_INFINITY);
    this.#snapshot?.stop();
    this.goOn();
  }

  /** Tells the client a newer place to resume from, before its own is too old, if there is one. */
  refresh(): boolean {
    const isBehind = !this.#feed.isReadTo(this.#seq) || this.#outlet.isPositionDue;
    if (!this.#isFree() || isBehind || this.#outlet.told >= this.#feed.now) return false;
    this.#seq = this.#feed.now;
    this.#outlet.tell(true);
    this.goOn();
    return true;
  }

  close(): void {
    this.#closed = true;
    this.#feed.remove(this);
    this.#snapshot?.stop();
  }

  #canGoOn(): boolean {
    return this.#epoch !== undefined && !this.#reading && !this.#closed && this.#outlet.hasRoom;
  }

  /** Whether only what is for this client alone is left: a snapshot is broken off by the end. */
  #isAtHead(): boolean {
    if (this.#snapshot) return this.#outlet.isFinishing;
    return !this.#rest && this.#seq >= Math.min(this.#feed.head, this.#outlet.last);
  }

  /** Whether the next entry, or a position, may be written now. */
  #isFree(): boolean {
    const isBusy = this.#rest || this.#snapshot;
    return !isBusy && this.#canGoOn() && this.#epoch === this.#feed.epoch;
  }

  /** Takes the place asked for, as soon as the log can tell whether it knows it. */
  #begin(): void {
    if (this.#epoch !== undefined || this.#feed.epoch === undefined) return;
    const { epoch, now } = this.#feed;
    this.#epoch = epoch;
    this.#seq = now;
    if (this.#outlet.isFinishing) this.#outlet.finish(now);
    const beginning = chooseBeginning(this.#options, epoch);
    if (beginning.kind === 'lost') this.#lose(now);
    else if (beginning.kind === 'now') this.#sendSnapshot(this.#options.snapshot);
    else this.#seq = beginning.seq;
    this.#isBeginning = beginning.kind === 'earliest';
    // Only the store can tell whether there is such a place.
    if (this.#seq > now) void this.#readPage();
  }

  /** Writes what it has not been shown, if that is right in front of it. */
  #takeBatch(): boolean {
    const batch = this.#feed.batchFor(this);
    const isNext = batch && this.#seq >= batch.from && this.#seq < batch.first;
    for (const slice of isNext && !this.#outlet.isFinishing ? batch.slices : []) {
      // Due as well when a filter has held back much of the slice before.
      if (this.#isFree()) this.#announce();
      if (this.#isFree()) this.#advance(slice);
    }
    return batch !== undefined;
  }

  /** Writes the next thing there is to write. False when there is none yet. */
  #step(): boolean {
    if (this.#epoch !== this.#feed.epoch) this.#lose(this.#feed.head);
    if (this.#isAtHead()) return this.#announce() || this.#release();
    if (this.#snapshot || this.#outlet.isLossDue) return this.#announce();
    if (this.#rest) return this.#announce() || this.#takeRest(this.#rest);
    const slice = this.#feed.recentAfter(this.#seq);
    if (slice) return this.#announce() || this.#advance(slice);
    void this.#readPage();
    return false;
  }

  #takeRest({ slices: [slice = [], ...slices], through }: Rest): boolean {
    this.#rest = slices.length > 0 ? { slices, through } : undefined;
    return this.#advance(slice, this.#rest ? slice.at(-1)?.seq : through);
  }

  /** Writes what directly follows: everything up to the number `through`. */
  #advance(slice: readonly Entry[], through = slice.at(-1)?.seq ?? 0): boolean {
    const before = this.#seq;
    this.#seq = Math.max(before, through);
    this.#outlet.pass(slice);
    this.#seq = Math.max(before, Math.min(this.#seq, this.#outlet.last));
    return true;
  }

  #announce(): boolean {
    if (!this.#outlet.isPositionDue) return false;
    this.#isBeginning = false;
    return this.#outlet.announce(this.#id, this.#seq, this.#snapshot !== undefined);
  }

  #release(): boolean {
    return this.#outlet.holds && this.#outlet.release(this.#id);
  }

  get #id(): string {
    return this.#snapshot?.id ?? formatEventId(this.#epoch ?? '', this.#seq);
  }

  /** Declares everything up to `seq` lost, but for `rest`. */
  #lose(seq: number, rest?: Rest): void {
    const { snapshot, onLost = snapshot } = this.#options;
    this.#epoch = this.#feed.epoch;
    this.#seq = seq;
    this.#rest = onLost ? undefined : rest;
    this.#outlet.tell(false);
    this.#sendSnapshot(onLost);
    this.#owner.lost();
  }

  #sendSnapshot(source: SnapshotSource | undefined): void {
    this.#snapshot?.stop();
    if (source) this.#seq = this.#feed.now;
    this.#snapshot =
      source &&
      new Snapshot(source, this.#epoch ?? '', this.#outlet, (error) => {
        if (error) return this.#owner.failed(error);
        this.#snapshot = undefined;
        this.#outlet.tell(true);
        this.goOn();
      });
  }

  async #readPage(): Promise<void> {
    this.#reading = true;
    const taken = this.#feed.pageAfter(this.#seq).then((page) => this.#takePage(page));
    await taken.catch((error) => this.#owner.failed(error));
    this.#reading = false;
    this.goOn();
  }

  #takePage(page: MergedPage): void {
    if (this.#closed || this.#epoch !== this.#feed.epoch) return;
    const isLoss = page.gap && !this.#isBeginning;
    this.#isBeginning = false;
    if (!isLoss) this.#rest = page;
    else if (!page.isKnown) this.#lose(this.#feed.now);
    else this.#lose((page.slices[0]?.[0]?.seq ?? page.through + 1) - 1, page);
  }
}
