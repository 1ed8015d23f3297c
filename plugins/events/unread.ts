/** An event counts for so many characters at least: that is what it costs to keep a small one. */
const LEAST = 1024;

/** What waits for one client alone. One large event is no sign of a slow reader: it is left out. */
export class Unread {
  readonly #most: number;
  #characters = 0;
  #counted = 0;
  #largest = 0;

  /** @param most characters that may wait */
  constructor(most: number) {
    this.#most = most;
  }

  /** `left`: characters of these, and of others, that wait still. @default all of these */
  isTooMuch(left = this.#characters): boolean {
    const isMuch = this.#counted - this.#largest > this.#most;
    return isMuch && (left * this.#counted) / this.#characters > this.#most;
  }

  /** One more event waits. */
  add(characters: number): void {
    const counted = Math.max(LEAST, characters);
    this.#characters += characters;
    this.#counted += counted;
    this.#largest = Math.max(this.#largest, counted);
  }
}
