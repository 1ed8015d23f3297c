import { parseEventId } from '../../../plugins/events/event-id.ts';
import { POSITION } from '../../../plugins/events/message.ts';
import type { Received } from '../contiguity.ts';
import type { Check } from '../erratic-client.ts';

/**
 * All that one reader has received, over all its connections. Throws at the first event that is out
 * of order or repeated without a loss in front of it or, for a reader of every channel, missing.
 */
export class Journal implements Check {
  readonly channels: readonly string[];
  readonly entries: Received[] = [];
  /** The logs that it has seen, in that order. */
  readonly epochs: string[] = [];
  lastEventId: string | undefined;
  /** How often it was told of a loss. */
  losses = 0;
  readonly #isWhole: boolean;
  #positioned = false;

  /** `isWhole`: whether these are all the channels there are. */
  constructor(channels: readonly string[], isWhole: boolean) {
    this.channels = channels;
    this.#isWhole = isWhole;
  }

  reconnect(): void {
    this.#positioned = false;
  }

  take(received: Received): void {
    const { id, event, data } = received;
    const before = parseEventId(this.lastEventId ?? '');
    const place = parseEventId(id);
    if (!place) throw new Error(`not an event id: ${id}`);
    const trail = `${this.lastEventId} -> ${id} (${event})`;
    this.lastEventId = id;
    if (event === POSITION) {
      this.#positioned = true;
      if (this.epochs.at(-1) !== place.epoch) this.epochs.push(place.epoch);
      if (JSON.parse(data).recovered === false) this.losses += 1;
      else if (before && (before.epoch !== place.epoch || before.seq !== place.seq)) {
        throw new Error(`recovered, but moved: ${trail}`);
      }
      return;
    }
    if (!this.#positioned) throw new Error(`no position first: ${trail}`);
    if (before?.epoch !== place.epoch) throw new Error(`another log, unannounced: ${trail}`);
    if (place.seq <= before.seq) throw new Error(`a repeat: ${trail}`);
    if (this.#isWhole && place.seq !== before.seq + 1) throw new Error(`a hole: ${trail}`);
    this.entries.push(received);
  }
}
