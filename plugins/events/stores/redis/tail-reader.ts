import { backOff } from './backoff.ts';
import type { OwnConnection } from './connection.ts';
import { messageOf } from './evaluate.ts';
import { isUpTo, type Place, type TailEntry, toTailEntry, toTailItems } from './replies.ts';
import { Waiting } from './waiting.ts';
import { within } from './within.ts';

const BLOCK_MILLISECONDS = 1000;
const BATCH = '128';
/** Counts as so many failures. */
const FOREIGN = 6;

export interface TailSettings {
  /** The shared stream. */
  readonly key: string;
  /** Milliseconds that Redis may take for an answer. */
  readonly timeout: number;
  connect(): OwnConnection;
  /** Asks for the end of the log. */
  locate(connection: OwnConnection): Promise<Place>;
  /** Is told how far the tail has come. */
  note(place: Place): void;
}

/** Reads the shared stream from the end it finds, over a connection of its own, until it is stopped. */
export class TailReader {
  readonly #settings: TailSettings;
  readonly #report: (entry: TailEntry) => void;
  readonly #stopping = new AbortController();
  readonly #waiting = new Waiting();
  readonly started: Promise<void>;
  #connection: OwnConnection | undefined;
  #place: Place | undefined;
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
      const connection = this.#settings.connect();
      this.#connection = connection;
      try {
        await within(this.#settings.timeout, connection.open());
        await this.#locate(connection);
        this.#state = 'live';
        failures = 0;
        onStart();
        while (!signal.aborted) await this.#turn(connection);
      } catch (error) {
        this.#trouble = messageOf(error);
      }
      connection.close();
      if (this.#state === 'restarting' && failures === 0) continue;
      this.#state = 'connecting';
      this.#waiting.release();
      await backOff(failures, signal);
    }
  }

  async #turn(connection: OwnConnection): Promise<void> {
    const { key, timeout } = this.#settings;
    const { seq = 0, volatiles = 0 } = this.#place ?? {};
    const options = ['COUNT', BATCH, 'BLOCK', String(BLOCK_MILLISECONDS)];
    const after = `${seq}-${volatiles}`;
    const reply = await within(
      BLOCK_MILLISECONDS + timeout,
      connection.send(['XREAD', ...options, 'STREAMS', key, after]),
    );
    const items = toTailItems(reply);
    // Numbers that begin again at 1 lie before the last one: XREAD would wait for ever.
    if (items.length === 0) await this.#locate(connection);
    // Something is there that is none of ours, and would be there again at once.
    if (items.length === 0 && reply !== null) await backOff(FOREIGN, this.#stopping.signal);
    for (const item of items) {
      const found = toTailEntry(item);
      const isForeign = found?.place.epoch !== this.#place?.epoch;
      if (found && isForeign && (await this.#locate(connection))) break;
      if (found && !isForeign) this.#report(found);
      this.#place = { epoch: this.epoch ?? '', seq: item.first, volatiles: item.second };
    }
    if (!this.#place) return;
    this.#settings.note(this.#place);
    this.#waiting.reach(this.#place);
  }

  /** Whether the log is another one than before: then it is read from its beginning. */
  async #locate(connection: OwnConnection): Promise<boolean> {
    const { locate, timeout } = this.#settings;
    const end = await within(timeout, locate(connection));
    const before = this.#place;
    const isAnother = before !== undefined && before.epoch !== end.epoch;
    if (isAnother) this.#place = { epoch: end.epoch, seq: 0, volatiles: 0 };
    // Beyond the end there is only what a foreign hand has put there.
    else if (!before || !isUpTo(before, end)) this.#place = end;
    return isAnother;
  }
}
