import { parseEventId } from '../../plugins/events/event-id.ts';
import { type Frame, POSITION } from '../../plugins/events/message.ts';

/**
 * One reader's view of several channels across all its connections. Throws at the first event that is
 * repeated, out of order, or missing from its channel without having been declared lost.
 */
export class MergedContiguityCheck {
  lastEventId: string | undefined;
  received = 0;
  losses = 0;
  readonly #channels: readonly string[];
  readonly #counts = new Map<string, number>();
  #positioned = false;
  /** Channels of which events may be missing, because the reader was told so. */
  readonly #excused: Set<string>;

  constructor(channels: readonly string[]) {
    this.#channels = channels;
    this.#excused = new Set(channels);
  }

  reconnect(): void {
    this.#positioned = false;
  }

  take({ id = '', event, data }: Frame): void {
    const position = parseEventId(id);
    if (!position) throw new Error(`not an event id: ${id}`);
    const before = parseEventId(this.lastEventId ?? '');
    const isSameLog = before?.epoch === position.epoch;
    if (isSameLog && position.seq < before.seq) throw new Error(`${this.lastEventId} before ${id}`);
    this.lastEventId = id;
    if (event === POSITION) {
      this.#positioned = true;
      if (JSON.parse(data).recovered) return;
      this.losses += 1;
      for (const channel of this.#channels) this.#excused.add(channel);
      return;
    }
    if (!this.#positioned) throw new Error(`no position frame before ${id}`);
    if (isSameLog && position.seq === before.seq) throw new Error(`${id} twice`);
    const [channel = '', count = ''] = data.split(' ');
    if (!this.#channels.includes(channel)) throw new Error(`an event of ${channel}`);
    const expected = (this.#counts.get(channel) ?? 0) + 1;
    const isNext = Number(count) === expected;
    if (!isNext && !(this.#excused.has(channel) && Number(count) > expected)) {
      throw new Error(`expected ${channel} ${expected}, got ${data} with ${id}`);
    }
    this.#excused.delete(channel);
    this.#counts.set(channel, Number(count));
    this.received += 1;
  }

  /** The number of the newest event seen of a channel. */
  countOf(channel: string): number {
    return this.#counts.get(channel) ?? 0;
  }
}

/** Publishes events that the check can count. */
export class CountingPublisher {
  readonly #counts = new Map<string, number>();

  next(channel: string): string {
    const count = (this.#counts.get(channel) ?? 0) + 1;
    this.#counts.set(channel, count);
    return `${channel} ${count} ${'x'.repeat((count * 7919) % 2048)}`;
  }

  countOf(channel: string): number {
    return this.#counts.get(channel) ?? 0;
  }
}
