import { type EventId, type Frame, parseEventId } from './protocol.ts';

/** Where a cursor stands: its missed entries, or why they cannot be given. */
export type Reading = readonly Frame[] | 'behind' | 'lost';

/** The part of the server's log that one connection has carried: ids in (base, head]. */
export class Log {
  readonly #capacity: number;
  #entries: { seq: number; frame: Frame }[] = [];
  #epoch = '';
  #base = 0;
  #head = 0;
  #lostUpTo: EventId | undefined;

  /** @param cursor where the connection was asked to start */
  constructor(cursor: EventId | undefined, capacity = 1000) {
    this.#capacity = capacity;
    this.#epoch = cursor?.epoch ?? '';
    this.#base = this.#head = cursor?.seq ?? 0;
  }

  /** The id of the last entry known. */
  get head(): string {
    return `${this.#epoch}-${this.#head}`;
  }

  /** A position frame: goes on where the log ends, or starts it anew. */
  moveTo(id: string, recovered: boolean): void {
    const position = parseEventId(id);
    if (!position) return;
    const { epoch, seq } = position;
    if (recovered && epoch === this.#epoch) {
      this.#head = Math.max(this.#head, seq);
      return;
    }
    this.#lostUpTo = recovered ? undefined : { epoch: this.#epoch, seq: this.#head };
    this.#entries = [];
    this.#epoch = epoch;
    this.#base = this.#head = seq;
  }

  /** @returns false for an entry that the log already has, or of another epoch */
  append(frame: Frame): boolean {
    const id = parseEventId(frame.id);
    if (id?.epoch !== this.#epoch || id.seq <= this.#head) return false;
    this.#entries.push({ seq: id.seq, frame });
    this.#head = id.seq;
    while (this.#entries.length > this.#capacity) this.#base = this.#entries.shift()?.seq ?? 0;
    return true;
  }

  /** What a reader at `cursor` has missed; one ahead of the log has missed nothing. */
  after(cursor: EventId): Reading {
    if (cursor.epoch !== this.#epoch) return 'lost';
    if (cursor.seq >= this.#base) {
      return this.#entries.filter(({ seq }) => seq > cursor.seq).map(({ frame }) => frame);
    }
    const lost = this.#lostUpTo;
    return lost?.epoch === this.#epoch && cursor.seq <= lost.seq ? 'lost' : 'behind';
  }
}
