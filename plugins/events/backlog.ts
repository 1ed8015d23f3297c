/** What waits for one client alone. One large event is no sign of a slow reader: it is left out. */
export class Backlog {
  readonly #most: number;
  #characters = 0;
  #largest = 0;

  /** @param most characters that may wait */
  constructor(most: number) {
    this.#most = most;
  }

  get isTooMuch(): boolean {
    return this.#characters - this.#largest > this.#most;
  }

  add(characters: number): void {
    this.#characters += characters;
    this.#largest = Math.max(this.#largest, characters);
  }
}
