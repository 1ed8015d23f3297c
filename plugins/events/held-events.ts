import type { EventText } from './message.ts';
import { Unread } from './unread.ts';

/** Events for one reader alone that wait until it has read what was published before them. */
export class HeldEvents {
  readonly #events: EventText[] = [];
  readonly #unread: Unread;

  /** @param maxUnread characters of those that count */
  constructor(maxUnread: number) {
    this.#unread = new Unread(maxUnread);
  }

  get all(): readonly EventText[] {
    return this.#events;
  }

  /** False when too many that count wait already, for one more that does. */
  add(event: EventText, counts: boolean): boolean {
    this.#events.push(event);
    if (!counts) return true;
    const hasRoom = !this.#unread.isTooMuch();
    this.#unread.add(event.event.length + event.data.length);
    return hasRoom;
  }
}
