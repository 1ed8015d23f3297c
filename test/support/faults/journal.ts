import { type Position, parseEventId } from '../../../plugins/events/event-id.ts';
import { POSITION } from '../../../plugins/events/message.ts';
import type { Received } from '../contiguity.ts';
import type { Check } from '../erratic-client.ts';

/** What all readers together have received; throws where two have read one id differently. */
export class SeenEvents {
  readonly #events = new Map<string, Received>();

  /** The one object that stands for this event: a thousand journals hold each of them once. */
  take(received: Received): Received {
    const { id, event, data } = received;
    const known = this.#events.get(id);
    if (known === undefined) {
      this.#events.set(id, received);
      return received;
    }
    if (known.event === event && known.data === data) return known;
    throw new Error(`two events of one id: ${JSON.stringify([known, received]).slice(0, 400)}`);
  }
}

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
  readonly #seen: Pick<SeenEvents, 'take'>;
  #place: Position | undefined;
  #positioned = false;

  /** `isWhole`: whether these are all the channels there are. */
  constructor(
    channels: readonly string[],
    isWhole: boolean,
    seen: Pick<SeenEvents, 'take'> = new SeenEvents(),
  ) {
    this.channels = channels;
    this.#isWhole = isWhole;
    this.#seen = seen;
  }

  /** The reader begins behind this event. */
  startAfter(id: string): void {
    this.lastEventId = id;
    this.#place = parseEventId(id);
  }

  reconnect(): void {
    this.#positioned = false;
  }

  take(received: Received): void {
    const { id, event, data } = received;
    const before = this.#place;
    const place = parseEventId(id);
    if (!place) throw new Error(`not an event id: ${id}`);
    const after = this.lastEventId;
    const trail = () => `${after} -> ${id} (${event})`;
    this.lastEventId = id;
    this.#place = place;
    if (event === POSITION) {
      // A reader of some channels that has heard nothing for a while is told a newer place.
      const mayMove = this.#positioned && !this.#isWhole && place.seq > (before?.seq ?? 0);
      this.#positioned = true;
      if (this.epochs.at(-1) !== place.epoch) this.epochs.push(place.epoch);
      if (JSON.parse(data).recovered === false) this.losses += 1;
      else if (before && (before.epoch !== place.epoch || (before.seq !== place.seq && !mayMove))) {
        throw new Error(`recovered, but moved: ${trail()}`);
      }
      return;
    }
    if (!this.#positioned) throw new Error(`no position first: ${trail()}`);
    if (before?.epoch !== place.epoch) throw new Error(`another log, unannounced: ${trail()}`);
    if (place.seq <= before.seq) throw new Error(`a repeat: ${trail()}`);
    if (this.#isWhole && place.seq !== before.seq + 1) throw new Error(`a hole: ${trail()}`);
    this.entries.push(this.#seen.take(received));
  }
}
