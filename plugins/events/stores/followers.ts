import type { Entry } from '../message.ts';

type Listener = (entry: Entry) => void;

/** Those who follow a store in this process. */
export class Followers {
  readonly #queue: Entry[] = [];
  #followers: readonly { listener: Listener | undefined }[] = [];
  #reporting = false;
  #head: number;

  /** `head` is the number of the newest entry that is not going to be reported. */
  constructor(head: number) {
    this.#head = head;
  }

  /** Number of the newest entry that was reported: who begins to follow now gets the next one. */
  get head(): number {
    return this.#head;
  }

  /** Returns a function that ends following. */
  add(listener: Listener): () => void {
    const follower: { listener: Listener | undefined } = { listener };
    this.#followers = [...this.#followers, follower];
    return () => {
      follower.listener = undefined;
      this.#followers = this.#followers.filter((other) => other !== follower);
    };
  }

  /** A report that leads to another one is finished first, so that all are told in one order. */
  report(entry: Entry): void {
    this.#queue.push(entry);
    if (this.#reporting) return;
    this.#reporting = true;
    for (const next of this.#queue) {
      this.#head = next.seq;
      for (const { listener } of this.#followers) tell(listener, next);
    }
    this.#queue.length = 0;
    this.#reporting = false;
  }
}

function tell(listener: Listener | undefined, entry: Entry): void {
  try {
    listener?.(entry);
  } catch (error) {
    // Thrown where nobody catches it: neither the publisher nor another follower is to blame.
    queueMicrotask(() => {
      throw error;
    });
  }
}
