/** So many bytes in front of a ping are taken within a heartbeat, whoever takes anything. */
const MAX_AHEAD = 64 * 1024;

/** Whether a client answers its pings. */
export class Pings {
  readonly #patience: number;
  #unanswered = 0;
  /** What the system had taken for the client before the first ping that is unanswered, and before that. */
  #takenAtPing = 0;
  #takenBefore = 0;

  /** `patience`: pings that it may leave unanswered while it takes what was sent in front of them. */
  constructor(patience: number) {
    this.#patience = patience;
  }

  /** One more has been sent. `taken`: bytes that the system has taken for the client so far. */
  sent(taken: number): void {
    if (this.#unanswered === 0) this.#takenAtPing = taken;
    this.#unanswered += 1;
  }

  answered(): void {
    this.#unanswered = 0;
    // What came behind the ping may be on its way still.
    this.#takenBefore = this.#takenAtPing;
  }

  /** Whether too many are unanswered: the client is gone. */
  areLost(taken: number): boolean {
    const isBehind = taken - this.#takenBefore > MAX_AHEAD;
    return this.#unanswered >= (isBehind ? this.#patience : 1);
  }
}
