import { backOff } from './backoff.ts';
import type { OwnConnection } from './connection.ts';
import { messageOf } from './evaluate.ts';
import { type End, type Place, type TailEntry, toTailEntry, toTailItems } from './replies.ts';
import { Waiting } from './waiting.ts';
import { within } from './within.ts';

const BLOCK_MILLISECONDS = 1000;
const BLOCK = ['BLOCK', String(BLOCK_MILLISECONDS)];
const BATCH = ['COUNT', '128'];

export interface TailSettings {
  /** The shared stream. */
  readonly key: string;
  /** Milliseconds that Redis may take for an answer. */
  readonly timeout: number;
  connect(): OwnConnection;
  /** Asks for the end of the log, which is another one if it does not hold what was `read`. */
  locate(connection: OwnConnection, read: Read): Promise<End>;
  /** Is told how far the tail has come. */
  note(place: Place): void;
}

/** How far the stream was read, and the history of the Redis that it was read from. */
export interface Read {
  readonly place: Place | undefined;
  readonly history: string;
}

/** Reads the shared stream from the end it finds, over a connection of its own, until it is stopped. */
export class TailReader {
  readonly #settings: TailSettings;
  readonly #report: (entry: TailEntry) => void;
  readonly #stopping = new AbortController();
  readonly #waiting = new Waiting();
  readonly started: Promise<void>;
  #connection: OwnConnection | undefined;
  /** The newest entry that was read, or the end that was found. */
  #place: Place | undefined;
  #history = '';
  /** What a foreign hand has put behind it. */
  #skipped: string | undefined;
  #state: 'connecting' | 'live' | 'restarting' = 'connecting';
  #trouble = 'its connection is not open yet';

  constructor(settings: TailSettings, report: (entry: TailEntry) => void) {
    this.#settings = settings;
    this.#report = report;
    this.started = new Promise((resolve) => void this.#live(resolve));
  }

  /** The log it reads; undefined until it has found one. */
  get epoch(): string | undefined {
    return this.#place?.epoch;
  }

  /** What went wrong last. */
  get trouble(): string {
    return this.#trouble;
  }

  /** Resolves once what is at a place has been reported, or will not be soon. */
  async until(place: Place): Promise<void> {
    if (this.#state !== 'connecting') await this.#waiting.until(place);
  }

  /** Looks at once whether the log has begun anew, instead of after the next quiet second. */
  restart(): void {
    if (this.#state !== 'live') return;
    this.#state = 'restarting';
    this.#connection?.close();
  }

  stop(): void {
    this.#stopping.abort();
    this.#connection?.close();
    this.#waiting.release();
  }

  async #live(onStart: () => void): Promise<void> {
    const { signal } = this.#stopping;
    for (let failures = 0; !signal.aborted; failures++) {
      try {
        const connection = this.#settings.connect();
        this.#connection = connection;
        await within(this.#settings.timeout, connection.open());
        await this.#locate(connection);
        // Does not wait, but shows whether the stream can be read at all.
        await this.#turn(connection, BATCH);
        this.#state = 'live';
        failures = 0;
        onStart();
        while (!signal.aborted) await this.#turn(connection, [...BATCH, ...BLOCK]);
      } catch (error) {
        this.#trouble = messageOf(error);
      }
      this.#connection?.close();
      if (this.#state === 'restarting' && failures === 0) continue;
      this.#state = 'connecting';
      this.#waiting.release();
      await backOff(failures, signal);
    }
  }

  async #turn(connection: OwnConnection, options: readonly string[]): Promise<void> {
    const { key, timeout } = this.#settings;
    const after = this.#skipped ?? `${this.#place?.seq}-${this.#place?.volatiles}`;
    const reply = connection.read([...options, 'STREAMS', key, after]);
    const items = toTailItems(await within(BLOCK_MILLISECONDS + timeout, reply));
    // Numbers that begin again at 1 lie before the last one: XREAD would wait for ever.
    if (items.length === 0) await this.#locate(connection);
    for (const item of items) {
      const entry = toTailEntry(item);
      const isOfLog = entry?.place.epoch === this.epoch;
      if (entry && !this.#isNext(entry) && (await this.#locate(connection))) return;
      if (entry && isOfLog) this.#take(entry);
      else this.#skipped = item.id;
    }
    if (this.#place) this.#waiting.reach(this.#place);
  }

  /** Also Redis itself may come to hold another log, when it is made the copy of another one. */
  #isNext({ place, prior, entry }: TailEntry): boolean {
    const before = this.#place;
    const isNumberNext = place.seq === (before?.seq ?? 0) + (entry.volatile ? 0 : 1);
    const isAfter = !before?.mark || !prior || prior === before.mark;
    return isNumberNext && isAfter && place.epoch === before?.epoch;
  }

  #take(entry: TailEntry): void {
    this.#place = entry.place;
    this.#skipped = undefined;
    this.#settings.note(entry.place);
    this.#report(entry);
  }

  /** Whether the log is another one than before: then it is read from its beginning. */
  async #locate(connection: OwnConnection): Promise<boolean> {
    const { locate, timeout } = this.#settings;
    const before = this.#place;
    const read = { place: before, history: this.#history };
    const end = await within(timeout, locate(connection, read));
    this.#history = end.history;
    const isAnother = before !== undefined && before.epoch !== end.epoch;
    if (isAnother) this.#place = { epoch: end.epoch, seq: 0, volatiles: 0, mark: '' };
    this.#place ??= end;
    this.#skipped = undefined;
    this.#waiting.reach(this.#place);
    return isAnother;
  }
}
