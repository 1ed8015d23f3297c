import { Agent, get } from 'node:http';
import { constants, createGunzip } from 'node:zlib';
import { MARKER } from './payload.js';

const MARK = MARKER.charCodeAt(0);
const agent = new Agent();

/** A connection that decodes what it gets, and counts the events in it and the bytes on the wire. */
export class GzipReader {
  events = 0;
  /** @type {((error?: Error) => void) | undefined} */
  onHead;
  /** @type {import('./witness.js').Witness | undefined} */
  witness;
  #request;
  #account;
  #isLeaving = false;
  #bytesRead = 0;

  /**
   * @param {{ port: number, host: string, path: string }} place
   * @param {import('./reader.js').Account} account
   */
  constructor(place, account) {
    this.#account = account;
    const headers = { accept: 'text/event-stream', 'accept-encoding': 'gzip' };
    this.#request = get({ ...place, headers, agent }, (response) => this.#begin(response));
    this.#request.on('error', () => {});
    this.#request.once('close', () => {
      if (!this.#isLeaving) account.closed();
      this.#answered(new Error('closed before it was answered'));
    });
  }

  pause() {
    this.#request.socket?.pause();
  }

  leave() {
    this.#isLeaving = true;
    this.#request.destroy();
  }

  pong() {}

  /** @param {import('node:http').IncomingMessage} response */
  #begin(response) {
    const { statusCode, headers } = response;
    const coding = headers['content-encoding'];
    if (statusCode !== 200 || coding !== 'gzip') {
      this.#answered(new Error(`answered ${statusCode}, content coding ${coding}`));
      this.leave();
      return;
    }
    const gunzip = createGunzip({ flush: constants.Z_SYNC_FLUSH });
    gunzip.on('data', (/** @type {Buffer} */ text) => this.#take(text));
    // What is no gzip counts as a connection that was closed.
    gunzip.on('error', () => this.#request.destroy());
    response.on('error', () => {});
    response.pipe(gunzip);
    this.#answered();
  }

  /** @param {Error} [error] */
  #answered(error) {
    this.onHead?.(error);
    this.onHead = undefined;
  }

  /** @param {Buffer} text decoded */
  #take(text) {
    let found = 0;
    for (let at = text.indexOf(MARK); at !== -1; at = text.indexOf(MARK, at + 1)) found += 1;
    this.events += found;
    this.witness?.take(text.toString('latin1'));
    // Of the socket: with the heads of the chunks, as with those who decode nothing.
    const bytesRead = this.#request.socket?.bytesRead ?? 0;
    const bytes = bytesRead - this.#bytesRead;
    this.#bytesRead = bytesRead;
    this.#account.read(bytes, found);
  }
}
