import { isUpTo, type Place } from './replies.ts';

interface Waiter {
  readonly place: Place;
  readonly resolve: () => void;
}

/** Publishers that wait until the tail has come to what they appended. */
export class Waiting {
  readonly #waiters = new Set<Waiter>();
  #reached: Place | undefined;

  until(place: Place): Promise<void> {
    return new Promise((resolve) => {
      if (this.#isBehind(place)) resolve();
      else this.#waiters.add({ place, resolve });
    });
  }

  /** The tail has come to a place; what it has left behind in another log will not come. */
  reach(place: Place): void {
    const isAnotherLog = this.#reached !== undefined && this.#reached.epoch !== place.epoch;
    this.#reached = place;
    for (const waiter of this.#waiters) {
      const isLeft = isAnotherLog && waiter.place.epoch !== place.epoch;
      if (isLeft || this.#isBehind(waiter.place)) this.#release(waiter);
    }
  }

  /** Nobody is to wait any longer. */
  release(): void {
    for (const waiter of this.#waiters) this.#release(waiter);
  }

  #release(waiter: Waiter): void {
    this.#waiters.delete(waiter);
    waiter.resolve();
  }

  #isBehind(place: Place): boolean {
    return place.epoch === this.#reached?.epoch && isUpTo(place, this.#reached);
  }
}
