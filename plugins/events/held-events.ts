import type { EventText } from './message.ts';
import { Unread } from './unread.ts';

/** Events for one reader alone that wait until it has read what was published before them. */
export class HeldEvents {
  readonly #events: EventText[] = [];
  readonly #unread: Unread;

  /** @param maxUnread bytes of those that count */
  constructor(maxUnread: number) {
    this.#unread = new Unread(maxUnread);
  }

  get all(): readonly EventText[] {
    return this.#events;
  }

  /** False when too many that count wait already, for one more that does. */
  add(event: EventText, counts: boolean): boolean {
    this.#events.push(event);
    const hasRoom = !counts || !this.#unread.isTooMuch;
    this.#unread.add(event.event.length + Buffer.byteLength(event.data), counts);
    return hasRoom;
  }
}
