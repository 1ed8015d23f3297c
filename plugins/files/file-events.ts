import type { Change } from './change.ts';

/** A change as clients get it: one line of JSON. */
export interface FileEvent extends Change {
  readonly type: 'event';
  /** Milliseconds since the epoch; every event has a larger one than the event before. */
  readonly timestamp: number;
}

/** Stamps changes. */
export class FileEvents {
  #latest = Date.now();

  /** Timestamp of the newest change, at first of the start. */
  get latest(): number {
    return this.#latest;
  }

  /** A timestamp of its own: changes of one millisecond must not look like one to a page. */
  next(): number {
    this.#latest = Math.max(Date.now(), this.#latest + 1);
    return this.#latest;
  }

  stamp({ path, operation, from }: Change): FileEvent {
    const event = { type: 'event', timestamp: this.next(), path, operation } as const;
    return from === undefined ? event : { ...event, from };
  }
}
