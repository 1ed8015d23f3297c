import { parseEventId } from './event-id.ts';
import type { Entry, EventText } from './message.ts';
import { RecentEntries, takeSlice } from './recent-entries.ts';
import type { EventStore, Tail } from './store.ts';

const PAGE_ENTRIES = 128;

/** One channel's log as this process sees it: the store's tail and what is still in memory. */
export class Log {
  readonly #store: EventStore;
  readonly #channel: string;
  readonly #onGrow: () => void;
  readonly #recent = new RecentEntries();
  readonly #pages = new Map<number, Promise<readonly Entry[]>>();
  #opening: Promise<void> | undefined;
  #tail: Tail | undefined;
  #epoch: string | undefined;
  #head = 0;
  #closed = false;

  /** `onGrow` is called for each entry the store reports. */
  constructor(store: EventStore, channel: string, onGrow: () => void) {
    this.#store = store;
    this.#channel = channel;
    this.#onGrow = onGrow;
  }

  /** Undefined until the log is open. A change means that the log began anew. */
  get epoch(): string | undefined {
    return this.#epoch;
  }

  /** Number of the newest entry. */
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
  async append(event: EventText): Promise<Entry> {
    await this.open();
    return this.#store.append(this.#channel, event);
  }

  /** The entries after `seq` as one slice, as far as memory holds them without a hole. */
  recentAfter(seq: number): readonly Entry[] | undefined {
    return this.#recent.after(seq);
  }

  /** The entries after `seq` from the store; readers at the same place share one read. */
  pageAfter(seq: number): Promise<readonly Entry[]> {
    let page = this.#pages.get(seq);
    if (!page) {
      page = this.#store
        .read(this.#channel, seq, PAGE_ENTRIES)
        .then(takeSlice)
        .finally(() => this.#pages.delete(seq));
      this.#pages.set(seq, page);
    }
    return page;
  }

  close(): void {
    this.#closed = true;
    this.#tail?.stop();
    this.#tail = undefined;
  }

  async #follow(): Promise<void> {
    // Entries may be reported before `follow` resolves: they are newer than the head it resolves to.
    const early: Entry[] = [];
    let report = (entry: Entry): void => void early.push(entry);
    const tail = await this.#store.follow(this.#channel, (entry) => report(entry));
    if (this.#closed) return tail.stop();
    this.#tail = tail;
    this.#epoch = tail.epoch;
    this.#head = tail.head;
    report = (entry) => this.#grow(entry);
    for (const entry of early) report(entry);
  }

  #grow(entry: Entry): void {
    const epoch = parseEventId(entry.id)?.epoch;
    if (epoch !== this.#epoch) this.#recent.clear();
    else if (entry.seq <= this.#head) return;
    this.#epoch = epoch;
    this.#head = entry.seq;
    this.#recent.push(entry);
    this.#onGrow();
  }
}
