import type { Entry } from '../../message.ts';
import { isUpTo, type Place, type TailEntry } from './replies.ts';

/** One listener: gets what comes after the end of the log as it was when following began. */
export class Follower {
  readonly #listener: (entry: Entry) => void;
  /** What was reported before that end was known. */
  #early: TailEntry[] | undefined = [];
  #end: Place | undefined;
  #stale: string | undefined;

  constructor(listener: (entry: Entry) => void) {
    this.#listener = listener;
  }

  /** `tailEpoch`: where the tail was before `end` was asked for; it may be behind. */
  start(end: Place, tailEpoch: string | undefined): void {
    this.#end = end;
    this.#stale = tailEpoch === end.epoch ? undefined : tailEpoch;
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const entry of early) this.report(entry);
  }

  report(reported: TailEntry): void {
    if (this.#early) this.#early.push(reported);
    else if (this.#isNew(reported.place)) this.#tell(reported.entry);
  }

  #isNew(place: Place): boolean {
    if (!this.#end) return true;
    if (place.epoch === this.#stale) return false;
    if (place.epoch === this.#end.epoch && isUpTo(place, this.#end)) return false;
    // The order of the tail is that of the log: nothing after this one is old.
    this.#end = undefined;
    return true;
  }

  #tell(entry: Entry): void {
    try {
      this.#listener(entry);
    } catch (error) {
      // Thrown where nobody catches it: it is no failure of the tail, or of another follower.
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}
