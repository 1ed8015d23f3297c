import { Backlog } from './backlog.ts';
import type { EventText } from './message.ts';

const MAX_EVENTS = 1024;

/** Events for one reader alone that wait until it has read what was published before them. */
export class HeldEvents {
  readonly #events: EventText[] = [];
  readonly #backlog: Backlog;
  #counted = 0;

  /** @param maxBacklog characters of those that count */
  constructor(maxBacklog: number) {
    this.#backlog = new Backlog(maxBacklog);
  }

  get all(): readonly EventText[] {
    return this.#events;
  }

  /** False when too many that count wait already, for one more that does. */
  add(event: EventText, counts: boolean): boolean {
    this.#events.push(event);
    if (!counts) return true;
    const hasRoom = this.#counted < MAX_EVENTS && !this.#backlog.isTooMuch;
    this.#counted += 1;
    this.#backlog.add(event.data.length);
    return hasRoom;
  }
}
