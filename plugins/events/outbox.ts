/** Who has put something aside for the end of a turn. */
export interface Sender {
  sendGathered(): void;
}

/**
 * Has the small writes of a turn made together at its end. A system call leaves the processor's caches to
 * the kernel: what is done for each reader between two of them would begin with cold ones each time.
 */
export class Outbox {
  #senders: Sender[] = [];
  #isOpen = false;

  /** Whether what is put aside now is sent in this turn. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** A sender has put something aside. */
  add(sender: Sender): void {
    this.#senders.push(sender);
  }

  /** Does `work`, and sends behind it what was put aside meanwhile. */
  gather(work: () => void): void {
    this.#isOpen = true;
    try {
      work();
    } finally {
      this.#isOpen = false;
      const senders = this.#senders;
      this.#senders = [];
      for (const sender of senders) sender.sendGathered();
    }
  }
}
