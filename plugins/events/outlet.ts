import type { Figures } from './figures.ts';
import { HeldEvents } from './held-events.ts';
import type { Entry, EventText, Frame } from './message.ts';
import { positionSlice } from './position-frame.ts';

/** The receiving end of one connection. */
export interface Sink {
  /** Takes neighbouring events, always; false asks to wait for the next `pump`. */
  write(slice: readonly Frame[]): boolean;
  /** Ends the connection, because the channel closes or, with an error, because it cannot go on. */
  close(error?: Error): void;
}

/** What gets through to a client. */
export interface OutletOptions {
  readonly filter?: ((entry: Entry) => boolean) | undefined;
  /** Whether it is made for this client alone, which then shares it with nobody. */
  readonly isPrivate?: boolean | undefined;
}

/** Where what passes is counted, and how much may wait. */
export interface OutletHost {
  readonly figures: Figures;
  readonly maxUnread: number;
}

/** So many entries that a filter holds back, and the client is told a newer place to resume from. */
const MAX_WITHHELD = 32;

/** The way from a cursor to its sink: what gets through, and what the client has to be told first. */
export class Outlet {
  readonly #sink: Sink;
  readonly #options: OutletOptions;
  readonly #host: OutletHost;
  #held: HeldEvents | undefined;
  /** What the next position frame has to say, undefined when none is due. */
  #recovered: boolean | undefined = true;
  /** Entries that the filter has held back since the client was last told a place. */
  #withheld = 0;
  /** The newest place that the client was told. */
  #told = 0;
  #room = true;
  /** The number of the entry that the filter is asked for. */
  #asked: number | undefined;
  #last: number | undefined;
  /** Entries that are not kept have the number of the one before them. */
  #isShut = false;

  constructor(sink: Sink, options: OutletOptions, host: OutletHost) {
    this.#sink = sink;
    this.#options = options;
    this.#host = host;
  }

  get told(): number {
    return this.#told;
  }

  get hasRoom(): boolean {
    return this.#room;
  }

  /** Whether a position frame comes before anything else. */
  get isPositionDue(): boolean {
    return this.#recovered !== undefined;
  }

  get isLossDue(): boolean {
    return this.#recovered === false;
  }

  get isFinishing(): boolean {
    return this.#last !== undefined;
  }

  /** The number of the last entry that may pass. */
  get last(): number {
    return this.#last ?? Number.POSITIVE_INFINITY;
  }

  /** Whether its client has still to be told something beside entries: at first, its place. */
  get owes(): boolean {
    return this.isPositionDue || this.holds;
  }

  /** Lets nothing pass behind the entry `last` or, asked by its own filter, behind the one this is asked for. */
  finish(last: number): void {
    this.#last = Math.min(this.last, this.#asked ?? last);
    if (this.#asked !== undefined) this.#isShut = true;
  }

  /** The sink has room again. */
  open(): void {
    this.#room = true;
  }

  /** Has the client told where it is, and whether it has missed anything. */
  tell(recovered: boolean): void {
    this.#recovered = recovered;
  }

  /** Writes the position frame if it is due. */
  announce(id: string, seq: number, isSnapshot: boolean): boolean {
    if (this.#recovered === undefined) return false;
    const slice = positionSlice(id, {
      recovered: this.#recovered,
      snapshot: isSnapshot,
      private: this.#options.isPrivate === true,
    });
    this.#recovered = undefined;
    this.#withheld = 0;
    this.#told = seq;
    this.#room = this.#sink.write(slice);
    return true;
  }

  /** Writes those of the entries that the filter lets through. */
  pass(slice: readonly Entry[]): void {
    const { filter } = this.#options;
    if (!filter && !this.isFinishing) {
      this.#told = slice.at(-1)?.seq ?? this.#told;
      this.write(slice);
      return;
    }
    const passed = slice.filter((entry) => this.#passes(entry));
    this.#asked = undefined;
    const last = passed.at(-1);
    this.#told = last?.seq ?? this.#told;
    const after = last ? slice.length - 1 - slice.lastIndexOf(last) : slice.length;
    this.#withheld = last ? after : this.#withheld + after;
    // Else the id of a client that gets few of the entries would become too old to resume from.
    if (this.#withheld >= MAX_WITHHELD) this.#recovered = true;
    // The same array for all readers that get all of it: its bytes are shared.
    if (passed.length > 0) this.write(passed.length === slice.length ? slice : passed);
  }

  write(slice: readonly Frame[]): void {
    this.#room = this.#sink.write(slice);
    this.#host.figures.deliveries += slice.length;
  }

  /** Keeps an event for this client alone until {@link release}. False when too many that count wait. */
  hold(event: EventText, counts: boolean): boolean {
    this.#held ??= new HeldEvents(this.#host.maxUnread);
    return this.#held.add(event, counts);
  }

  /** Whether anything is held. */
  get holds(): boolean {
    return this.#held !== undefined;
  }

  /** Writes what was held, at the place `id`. */
  release(id: string): boolean {
    const held = this.#held?.all ?? [];
    this.#held = undefined;
    this.write(held.map((text) => ({ ...text, id })));
    return true;
  }

  #passes(entry: Entry): boolean {
    if (this.#isShut || entry.seq > this.last) return false;
    this.#asked = entry.seq;
    return this.#options.filter?.(entry) ?? true;
  }
}
