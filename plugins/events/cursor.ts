import { formatEventId, parseEventId } from './event-id.ts';
import type { Log } from './log.ts';
import { type Entry, POSITION } from './message.ts';

/** The receiving end of one connection. */
export interface Sink {
  /** Takes neighbouring entries, always; false asks the cursor to wait for the next `pump`. */
  write(slice: readonly Entry[]): boolean;
  /** Ends the connection, because the channel closes or, with an error, because it cannot go on. */
  close(error?: Error): void;
}

/** A place in a log that advances by entries or by a declared gap, at the pace of its sink. */
export class Cursor {
  readonly #log: Log;
  readonly #sink: Sink;
  readonly #lastEventId: string | undefined;
  /** Undefined until the log is open. */
  #epoch: string | undefined;
  #seq = 0;
  /** What the next position frame has to say, undefined when none is due. */
  #recovered: boolean | undefined = true;
  #room = true;
  #reading = false;
  #closed = false;

  constructor(log: Log, sink: Sink, lastEventId?: string) {
    this.#log = log;
    this.#sink = sink;
    this.#lastEventId = lastEventId;
    this.#start();
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
    while (this.#room && !this.#closed && this.#step());
  }

  /** Nothing is written any more. */
  close(): void {
    this.#closed = true;
  }

  /** Takes the place asked for, as soon as the log can tell whether it knows it. */
  #start(): void {
    const { epoch, head } = this.#log;
    if (this.#epoch !== undefined || epoch === undefined) return;
    this.#epoch = epoch;
    this.#seq = head;
    if (this.#lastEventId === undefined) return;
    const asked = parseEventId(this.#lastEventId);
    if (asked?.epoch === epoch && asked.seq <= head) this.#seq = asked.seq;
    else this.#recovered = false;
  }

  /** Writes the next thing there is to write. False when there is none yet. */
  #step(): boolean {
    if (this.#epoch !== this.#log.epoch) this.#skipTo(this.#log.head);
    if (this.#recovered === false || this.#seq >= this.#log.head) return this.#announce();
    const slice = this.#log.recentAfter(this.#seq);
    if (slice) return this.#advance(slice);
    void this.#readPage();
    return false;
  }

  /** Writes entries that directly follow the place of this cursor. */
  #advance(slice: readonly Entry[]): boolean {
    if (this.#announce()) return true;
    this.#seq = slice.at(-1)?.seq ?? this.#seq;
    this.#room = this.#sink.write(slice);
    return true;
  }

  /** Tells the client where it is and whether it has missed anything. False when not due. */
  #announce(): boolean {
    const recovered = this.#recovered;
    if (recovered === undefined) return false;
    this.#recovered = undefined;
    const id = formatEventId(this.#epoch ?? '', this.#seq);
    const data = JSON.stringify({ recovered });
    this.#room = this.#sink.write([{ seq: this.#seq, id, event: POSITION, data }]);
    return true;
  }

  /** Declares everything up to `seq` lost. */
  #skipTo(seq: number): void {
    this.#epoch = this.#log.epoch;
    this.#seq = seq;
    this.#recovered = false;
  }

  async #readPage(): Promise<void> {
    this.#reading = true;
    try {
      const page = await this.#log.pageAfter(this.#seq);
      this.#take(page);
    } catch (error) {
      this.#closed = true;
      this.#sink.close(error instanceof Error ? error : new Error(String(error)));
    } finally {
      this.#reading = false;
    }
    this.wake();
  }

  #take(page: readonly Entry[]): void {
    if (this.#closed || this.#epoch !== this.#log.epoch) return;
    const first = page[0];
    if (first?.seq === this.#seq + 1) this.#advance(page);
    else this.#skipTo(first ? first.seq - 1 : this.#log.head);
  }
}
