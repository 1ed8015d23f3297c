import { NUMBERS } from './payload.js';

const IDS = /^id: ?(?:[0-9a-z]+-)?(\d+)\r?$/gm;

/** Reads all of what one reader gets: whether the events come in order, each once. */
export class Witness {
  /** Whether the ids are those of a log, one more for each event. */
  #hasIds;
  #rest = '';
  #number = 0;
  #id = 0;
  #faults = 0;

  /** @param {boolean} hasIds */
  constructor(hasIds) {
    this.#hasIds = hasIds;
  }

  /** How many events or ids did not follow the one before. */
  get faults() {
    return this.#faults;
  }

  /** @param {string} text the next piece of the stream */
  take(text) {
    const all = this.#rest + text;
    // A number or an id may be cut in two: the last line waits for its end.
    const end = all.lastIndexOf('\n') + 1;
    this.#rest = all.slice(end);
    this.#look(all.slice(0, end));
  }

  /** What was the beginning of a line is all there will be: frames of a WebSocket have no line ends. */
  end() {
    this.#look(this.#rest);
    this.#rest = '';
  }

  /** @param {string} text */
  #look(text) {
    for (const [, number] of text.matchAll(NUMBERS)) {
      this.#number = this.#follow(this.#number, Number(number));
    }
    if (!this.#hasIds) return;
    for (const [, id] of text.matchAll(IDS)) this.#id = this.#follow(this.#id, Number(id));
  }

  /**
   * @param {number} last
   * @param {number} number
   */
  #follow(last, number) {
    if (last !== 0 && number !== last + 1) this.#faults += 1;
    return number;
  }
}
