import { MARKER } from './payload.js';

/**
 * What a reader tells of itself.
 * @typedef {object} Account
 * @property {(bytes: number, events: number) => void} read
 * @property {(at: number) => void} found where in the memory an event begins
 * @property {() => boolean} isTimed whether `found` is to be called
 * @property {() => void} closed
 */

const MARK = MARKER.charCodeAt(0);
const MOST = 256 * 1024;
/** The first byte of a ping, and the answer to one without data. */
const PING = 0x89;
const PONG = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);

/** One place for what is read, with room for a mark behind it: bytes are counted and forgotten. */
export const memory = Buffer.alloc(MOST + 16);
const buffer = memory.subarray(0, MOST);

/** A connection that counts the events that it gets. */
export class Reader {
  events = 0;
  /** @type {((error?: Error) => void) | undefined} */
  onHead;
  /** @type {import('./witness.js').Witness | undefined} */
  witness;
  #socket;
  #account;
  #isLeaving = false;

  /**
   * @param {typeof import('node:net').connect} connect
   * @param {{ port: number, host: string }} place
   * @param {string} head of the request
   * @param {Account} account
   */
  constructor(connect, place, head, account) {
    this.#account = account;
    const onread = { buffer, callback: (/** @type {number} */ length) => this.#take(length) };
    this.#socket = connect({ ...place, onread, noDelay: true });
    this.#socket.on('error', () => {});
    this.#socket.once('close', () => {
      if (!this.#isLeaving) account.closed();
      this.onHead?.(new Error('closed before it was answered'));
    });
    this.#socket.write(head);
  }

  pause() {
    this.#socket.pause();
  }

  leave() {
    this.#isLeaving = true;
    this.#socket.destroy();
  }

  /** Who does not answer a ping is disconnected. */
  pong() {
    this.#socket.write(PONG);
  }

  /** @param {number} length */
  #take(length) {
    if (this.onHead) this.#begin(memory.toString('latin1', 0, length));
    else if (memory[0] === PING) this.pong();
    // Ends the search: what was read earlier is still behind it.
    memory[length] = MARK;
    let found = 0;
    const isTimed = this.#account.isTimed();
    for (let at = memory.indexOf(MARK); at < length; at = memory.indexOf(MARK, at + 1)) {
      found += 1;
      if (isTimed) this.#account.found(at);
    }
    this.events += found;
    this.witness?.take(memory.toString('latin1', 0, length));
    this.#account.read(length, found);
    return true;
  }

  /** @param {string} text */
  #begin(text) {
    const isTaken = /^HTTP\/1\.1 (?:101|200) /.test(text);
    this.onHead?.(isTaken ? undefined : new Error(`answered ${text.slice(0, 100)}`));
    this.onHead = undefined;
  }
}
