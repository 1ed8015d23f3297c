import { Backlog } from './backlog.ts';
import type { EventText } from './message.ts';

const MAX_EVENTS = 1024;

/** Events for one reader alone that wait until it has read what was published before them. */
export class HeldEvents {
  readonly #events: EventText[] = [];
  readonly #backlog = new Backlog();

  get all(): readonly EventText[] {
    return this.#events;
  }

  /** False when too many wait already. */
  add(event: EventText): boolean {
    const hasRoom = this.#events.length < MAX_EVENTS && !this.#backlog.isTooMuch;
    this.#events.push(event);
    this.#backlog.add(event.data.length);
    return hasRoom;
  }
}
