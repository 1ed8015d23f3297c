import { parseEventId } from '../../plugins/events/event-id.ts';
import { POSITION } from '../../plugins/events/message.ts';

export interface Received {
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

/**
 * One reader's view of a log across all its connections. Throws at the first event that is
 * repeated, out of order, or missing without having been declared lost.
 */
export class ContiguityCheck {
  lastEventId: string | undefined;
  received = 0;
  losses = 0;
  #positioned = false;

  /** The connection was (re)opened: a position frame has to come first. */
  reconnect(): void {
    this.#positioned = false;
  }

  take({ id, event, data }: Received): void {
    const position = parseEventId(id);
    if (!position) throw new Error(`not an event id: ${id}`);
    const before = this.lastEventId === undefined ? undefined : parseEventId(this.lastEventId);
    if (event === POSITION) {
      const { recovered } = JSON.parse(data) as { recovered: boolean };
      if (recovered && before && id !== this.lastEventId) {
        throw new Error(`recovered, but moved from ${this.lastEventId} to ${id}`);
      }
      if (!recovered) {
        if (before?.epoch === position.epoch && position.seq < before.seq) {
          throw new Error(`went back from ${this.lastEventId} to ${id}`);
        }
        this.losses += 1;
      }
      this.#positioned = true;
    } else {
      if (!this.#positioned) throw new Error(`no position frame before ${id}`);
      if (position.epoch !== before?.epoch || position.seq !== before.seq + 1) {
        throw new Error(`expected the event after ${this.lastEventId}, got ${id}`);
      }
      if (data !== payload(position.seq)) throw new Error(`wrong data with ${id}: ${data}`);
      this.received += 1;
    }
    this.lastEventId = id;
  }
}

/** What event number `seq` of a checked log holds: many sizes, so that every buffer fills. */
export function payload(seq: number): string {
  return `${seq}:${'x'.repeat((seq * 7919) % 4096)}`;
}
