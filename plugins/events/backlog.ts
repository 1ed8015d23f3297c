/** So many characters may wait for one client alone. */
export const MAX_BACKLOG = 1024 * 1024;

/** What waits for one client alone. One large event is no sign of a slow reader: it is left out. */
export class Backlog {
  #characters = 0;
  #largest = 0;

  get isTooMuch(): boolean {
    return this.#characters - this.#largest > MAX_BACKLOG;
  }

  add(characters: number): void {
    this.#characters += characters;
    this.#largest = Math.max(this.#largest, characters);
  }
}
