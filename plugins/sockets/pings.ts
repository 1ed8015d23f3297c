/** So many bytes in front of a ping are taken within a heartbeat, whoever takes anything. */
const MAX_AHEAD = 64 * 1024;

/** Whether a client answers its pings. */
export class Pings {
  readonly #patience: number;
  #unanswered = 0;
  #takenBefore = 0;

  /** `patience`: pings that it may leave unanswered while it takes what was sent in front of them. */
  constructor(patience: number) {
    this.#patience = patience;
  }

  /** `taken`: bytes that the system has taken for the client so far. */
  answered(taken: number): void {
    this.#unanswered = 0;
    this.#takenBefore = taken;
  }

  /** One more has been sent. */
  sent(): void {
    this.#unanswered += 1;
  }

  /** Whether too many are unanswered: the client is gone. */
  areLost(taken: number): boolean {
    const isBehind = taken - this.#takenBefore > MAX_AHEAD;
    return this.#unanswered >= (isBehind ? this.#patience : 1);
  }
}
