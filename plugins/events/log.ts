import { sizeOf } from './encode.ts';
import { epochOf } from './event-id.ts';
import { Feed, type History } from './feed.ts';
import { type MergedPage, mergePages } from './merge-pages.ts';
import type { Entry, EventText } from './message.ts';
import type { Outbox } from './outbox.ts';
import { PageCache } from './page-cache.ts';
import { PageSize } from './page-size.ts';
import type { AppendOptions, EventStore, Tail } from './store.ts';

/** Entries of a page of several channels, together. */
const MERGED_ENTRIES = 1024;
/** So many are written to before the event loop goes on: about ten milliseconds. */
const READERS_OF_A_TURN = 1000;

/** A store's log as this process sees it: its tail, and the feeds that are being read. */
export class Log implements History {
  readonly #store: EventStore;
  readonly #outbox: Outbox;
  readonly #feeds = new Map<string, Feed>();
  readonly #feedsOf = new Map<string, Set<Feed>>();
  readonly #pages = new PageCache();
  readonly #pageSize = new PageSize();
  /** Feeds that have received something which not all of their readers have been shown. */
  readonly #unshown = new Set<Feed>();
  #isShowing = false;
  #opening: Promise<void> | undefined;
  /** Appends that wait for it. */
  #waiting = 0;
  #tail: Tail | undefined;
  #epoch: string | undefined;
  #head = 0;
  #closed = false;

  /** @param outbox where readers put aside what they are to send */
  constructor(store: EventStore, outbox: Outbox) {
    this.#store = store;
    this.#outbox = outbox;
  }

  get epoch(): string | undefined {
    return this.#epoch;
  }

  get head(): number {
    return this.#head;
  }

  /** Follows the store, once; a failure is forgotten so that the next call tries again. */
  open(): Promise<void> {
    this.#opening ??= this.#follow().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  /** Appends after every earlier call, also while the log is still being opened. */
  append(channel: string, event: EventText, options: AppendOptions): Promise<Entry> {
    const isNext = this.#tail && this.#waiting === 0;
    return isNext
      ? this.#store.append(channel, event, options)
      : this.#appendOnceOpen(channel, event, options);
  }

  /** The feed of these channels, the same one until it has been released. */
  feed(channels: readonly string[]): Feed {
    const key = keyOf(channels);
    const known = this.#feeds.get(key);
    if (known) return known;
    const feed = new Feed(channels, this);
    this.#feeds.set(key, feed);
    for (const channel of channels) {
      const feeds = this.#feedsOf.get(channel) ?? new Set();
      this.#feedsOf.set(channel, feeds.add(feed));
    }
    return feed;
  }

  /** Forgets a feed that nobody reads any more. */
  release(feed: Feed): void {
    const key = keyOf(feed.channels);
    if (feed.size > 0 || this.#feeds.get(key) !== feed) return;
    this.#feeds.delete(key);
    for (const channel of feed.channels) {
      const feeds = this.#feedsOf.get(channel);
      feeds?.delete(feed);
      if (feeds?.size === 0) this.#feedsOf.delete(channel);
    }
  }

  page(channels: readonly string[], seq: number): Promise<MergedPage> {
    const share = Math.max(16, Math.ceil(MERGED_ENTRIES / channels.length));
    const limit = Math.min(this.#pageSize.entries, share);
    return this.#pages.get({ name: keyOf(channels), seq, limit }, async () => {
      const { epoch = '', head } = this;
      const after = { epoch, seq };
      const read = (channel: string) => this.#store.read(channel, after, limit);
      const pages = await Promise.all(channels.map(read));
      return mergePages(pages, { after, limit, head });
    });
  }

  close(): void {
    this.#closed = true;
    this.#tail?.stop();
    this.#tail = undefined;
  }

  async #appendOnceOpen(channel: string, event: EventText, options: AppendOptions): Promise<Entry> {
    this.#waiting += 1;
    try {
      await this.open();
    } finally {
      this.#waiting -= 1;
    }
    return this.#store.append(channel, event, options);
  }

  async #follow(): Promise<void> {
    // Entries may be reported before `follow` resolves: they are newer than the head it resolves to.
    const early: Entry[] = [];
    let report = (entry: Entry): void => void early.push(entry);
    const tail = await this.#store.follow((entry) => report(entry));
    if (this.#closed) return tail.stop();
    this.#tail = tail;
    this.#startAt(tail.epoch, tail.head);
    report = (entry) => this.#grow(entry);
    for (const entry of early) report(entry);
  }

  #grow(entry: Entry): void {
    const epoch = epochOf(entry.id, entry.seq, this.#epoch) ?? this.#epoch;
    const before = entry.volatile ? entry.seq : entry.seq - 1;
    if (epoch === this.#epoch && before < this.#head) return;
    if (epoch !== this.#epoch || before > this.#head) this.#startAt(epoch, before);
    this.#head = entry.seq;
    this.#pageSize.add(sizeOf(entry));
    for (const feed of this.#feedsOf.get(entry.channel) ?? []) {
      feed.receive(entry);
      this.#unshown.add(feed);
    }
    this.#scheduleShow();
  }

  /** The log begins anew, or the store has not reported what is between the last entry and `head`. */
  #startAt(epoch: string | undefined, head: number): void {
    this.#show(Number.POSITIVE_INFINITY);
    if (epoch !== this.#epoch) this.#pages.clear();
    this.#epoch = epoch;
    this.#head = head;
    for (const feed of this.#feeds.values()) feed.restart(head);
    // Who is told so may call back readers of any of them.
    for (const feed of this.#feeds.values()) feed.goOn();
  }

  /** Fan-out waits for the turn to end, and lets others have theirs. */
  #scheduleShow(): void {
    if (this.#isShowing) return;
    this.#isShowing = true;
    setImmediate(() => {
      this.#isShowing = false;
      try {
        this.#outbox.gather(() => this.#show(READERS_OF_A_TURN));
      } finally {
        // Also when what the app does with one of them has failed.
        if (this.#unshown.size > 0) this.#scheduleShow();
      }
    });
  }

  #show(most: number): void {
    let left = most;
    // What comes to them while these are shown is for the next turn.
    let feeds = this.#unshown.size;
    for (const feed of this.#unshown) {
      if (feeds === 0 || left <= 0) break;
      feeds -= 1;
      feed.endTurn();
      // To look at it is work too, be there readers or not.
      left = Math.min(left - 1, feed.show(left));
      this.#unshown.delete(feed);
      // Behind the others, which shall have their turn.
      if (feed.isReceiving || !feed.isShown) this.#unshown.add(feed);
    }
  }
}

/** Names hold no control characters. */
function keyOf(channels: readonly string[]): string {
  return channels.join('\n');
}
