/** An event counts for so many bytes at least: that is what it costs to keep a small one. */
const LEAST = 1024;

interface UnreadEvent {
  /** Where it ends in all that was written. */
  readonly end: number;
  /** What it counts for, in bytes. */
  readonly counted: number;
}

/** What waits for one client alone. One large event is no sign of a slow reader: it is left out. */
export class Unread {
  readonly #most: number;
  /** Oldest first. */
  readonly #events: UnreadEvent[] = [];
  #written: number;
  #counted = 0;

  /**
   * @param most bytes that may wait
   * @param waiting bytes that wait already, and do not count
   */
  constructor(most: number, waiting = 0) {
    this.#most = most;
    this.#written = waiting;
  }

  get isTooMuch(): boolean {
    if (this.#counted <= this.#most) return false;
    const largest = this.#events.reduce((most, { counted }) => Math.max(most, counted), 0);
    return this.#counted - largest > this.#most;
  }

  /** So many bytes more wait; those of an event for this client alone count. */
  add(bytes: number, counts: boolean): void {
    this.#written += bytes;
    if (!counts) return;
    const counted = Math.max(LEAST, bytes);
    this.#events.push({ end: this.#written, counted });
    this.#counted += counted;
  }

  /** Of all that was written so many bytes wait still: what was in front of them is read. */
  keep(waiting: number): void {
    const read = this.#written - waiting;
    const first = this.#events.findIndex(({ end }) => end > read);
    const gone = this.#events.splice(0, first === -1 ? this.#events.length : first);
    for (const { counted } of gone) this.#counted -= counted;
  }
}
