import type { EventText } from './message.ts';

const MAX_EVENTS = 1024;
const MAX_CHARACTERS = 1024 * 1024;

/** Events for one reader alone that wait until it has read what was published before them. */
export class HeldEvents {
  #events: EventText[] = [];
  #characters = 0;

  /** False when too many wait already. A large one is none too many by itself. */
  add(event: EventText): boolean {
    const hasRoom = this.#events.length < MAX_EVENTS && this.#characters <= MAX_CHARACTERS;
    this.#events.push(event);
    this.#characters += event.data.length;
    return hasRoom;
  }

  /** All that wait, which then wait no more. */
  take(): readonly EventText[] {
    const events = this.#events;
    this.#events = [];
    this.#characters = 0;
    return events;
  }
}
