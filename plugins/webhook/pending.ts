/** A change that can be told. */
export interface PathEvent {
  readonly path: string;
  /** The former path, if the change is a rename. */
  readonly from?: string | undefined;
}

interface Waiting {
  readonly event: PathEvent;
  /** Milliseconds of a monotonic clock. */
  readonly due: number;
}

/**
 * Changes that wait to be told: of one file the last, so that their number is that of the files,
 * however long nobody takes them.
 */
export class Pending {
  readonly #waiting = new Map<string, Waiting>();

  get size(): number {
    return this.#waiting.size;
  }

  /** @param due - when the change may be told, in milliseconds of a monotonic clock */
  add(event: PathEvent, due: number): void {
    // A rename tells of two files, so a later change of one does not stand for it.
    const key = JSON.stringify([event.path, event.from]);
    // A Map keeps the place of a key that it has: the newest goes to the end.
    this.#waiting.delete(key);
    this.#waiting.set(key, { event, due });
  }

  /** When the oldest may be told; undefined when there is none. */
  get nextDue(): number | undefined {
    const [first] = this.#waiting.values();
    return first?.due;
  }

  /** Takes the oldest out. */
  take(): PathEvent | undefined {
    const [first] = this.#waiting;
    if (first === undefined) return undefined;
    this.#waiting.delete(first[0]);
    return first[1].event;
  }
}
