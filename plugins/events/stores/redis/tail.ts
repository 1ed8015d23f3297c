import { StoreUnavailableError } from '../../../errors.ts';
import type { Entry } from '../../message.ts';
import { Follower } from './follower.ts';
import type { Place } from './replies.ts';
import { TailReader, type TailSettings } from './tail-reader.ts';
import { within } from './within.ts';

/** What this process follows: one reader of the shared stream, for as long as somebody listens. */
export class Tail {
  readonly #settings: TailSettings;
  readonly #followers = new Set<Follower>();
  #reader: TailReader | undefined;

  constructor(settings: TailSettings) {
    this.#settings = settings;
  }

  /** Reports to `listener` what comes after the end that `ask` resolves to. */
  async follow(
    listener: (entry: Entry) => void,
    ask: () => Promise<Place>,
  ): Promise<{ readonly end: Place; stop(): void }> {
    const follower = new Follower(listener);
    const stop = () => this.#remove(follower);
    this.#followers.add(follower);
    try {
      this.#reader ??= new TailReader(this.#settings, (entry) => {
        for (const each of this.#followers) each.report(entry);
      });
      const epoch = await this.#epochOf(this.#reader);
      const end = await ask();
      this.#noteEpoch(end.epoch);
      follower.start(end, epoch);
      return { end, stop };
    } catch (error) {
      stop();
      throw error;
    }
  }

  /** Resolves once the followers know of what this process has appended. */
  async until(place: Place): Promise<void> {
    this.#noteEpoch(place.epoch);
    await this.#reader?.until(place);
  }

  close(): void {
    this.#followers.clear();
    this.#stopReader();
  }

  async #epochOf(reader: TailReader): Promise<string | undefined> {
    const { timeout } = this.#settings;
    await within(timeout, reader.started).catch(() => {
      throw new StoreUnavailableError(
        `its tail could not be read within ${timeout} ms (${reader.trouble}): check that Redis runs`,
      );
    });
    return reader.epoch;
  }

  /** Whoever meets another log than the tail reads makes it look. */
  #noteEpoch(epoch: string): void {
    const known = this.#reader?.epoch;
    if (known !== undefined && known !== epoch) this.#reader?.restart();
  }

  #remove(follower: Follower): void {
    this.#followers.delete(follower);
    if (this.#followers.size === 0) this.#stopReader();
  }

  #stopReader(): void {
    this.#reader?.stop();
    this.#reader = undefined;
  }
}
