import type { ChangeOutcome } from './outcomes.ts';

/** A change, and what came of it once that is known. */
export interface RecentChange<Event> {
  readonly event: Event;
  readonly outcome: Omit<ChangeOutcome<Event>, 'event'> | undefined;
}

const CAPACITY = 50;

/** The last changes. */
export class RecentChanges<Event extends { readonly timestamp: number }> {
  readonly #changes = new Map<number, RecentChange<Event>>();

  add(event: Event): void {
    this.#changes.set(event.timestamp, { event, outcome: undefined });
    const [oldest] = this.#changes.keys();
    if (oldest !== undefined && this.#changes.size > CAPACITY) this.#changes.delete(oldest);
  }

  /** Takes in what came of a change, unless that is no longer among the last ones. */
  settle({ event, ...outcome }: ChangeOutcome<Event>): void {
    const { timestamp } = event;
    if (this.#changes.has(timestamp)) this.#changes.set(timestamp, { event, outcome });
  }

  /** The newest first. */
  list(): readonly RecentChange<Event>[] {
    return [...this.#changes.values()].reverse();
  }
}
