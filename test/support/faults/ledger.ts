import type { Received } from '../contiguity.ts';
import type { Acknowledged } from './publisher.ts';

interface Entry {
  readonly data: string;
  /** Who has yet to read it. */
  readonly left: Set<string>;
  isAcknowledged: boolean;
}

/** Who has read which of the events that were acknowledged. What all have read is forgotten. */
export class Ledger {
  /** Events that came twice, or as others than were published. */
  readonly wrong: string[] = [];
  readonly #readers: ReadonlyMap<string, readonly string[]>;
  readonly #entries = new Map<string, Entry>();

  /** `readers`: the channels that each of them reads, by its name. */
  constructor(readers: ReadonlyMap<string, readonly string[]>) {
    this.#readers = readers;
  }

  acknowledge(event: Acknowledged): void {
    const entry = this.#entryOf(event);
    entry.isAcknowledged = true;
    this.#forget(event.id, entry);
  }

  read(reader: string, event: Received): void {
    const entry = this.#entryOf(event);
    if (!entry.left.delete(reader)) this.#complain(`${reader} was not to read`, event);
    this.#forget(event.id, entry);
  }

  /** What was acknowledged and not read by all, as `log-7 not read by a`. */
  get missing(): string[] {
    return [...this.#entries].flatMap(([id, { left, isAcknowledged }]) =>
      isAcknowledged ? [`${id} not read by ${[...left].join(', ')}`] : [],
    );
  }

  #entryOf(event: Acknowledged): Entry {
    const known = this.#entries.get(event.id);
    if (known !== undefined && known.data !== event.data) this.#complain('another text of', event);
    const entry = known ?? {
      data: event.data,
      left: this.#readersOf(event),
      isAcknowledged: false,
    };
    this.#entries.set(event.id, entry);
    return entry;
  }

  /** The first word of an event is its channel. */
  #readersOf({ data }: Acknowledged): Set<string> {
    const [channel = ''] = data.split(' ', 1);
    const readers = [...this.#readers].filter(([, channels]) => channels.includes(channel));
    return new Set(readers.map(([name]) => name));
  }

  #forget(id: string, { left, isAcknowledged }: Entry): void {
    if (isAcknowledged && left.size === 0) this.#entries.delete(id);
  }

  #complain(what: string, { id, data }: Acknowledged): void {
    this.wrong.push(`${what} ${id} (${data.slice(0, 40)})`);
  }
}
