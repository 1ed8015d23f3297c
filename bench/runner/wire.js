import WebSocket from 'ws';

/**
 * Where a server tells its pages of changes: an event stream or a WebSocket.
 * @typedef {object} WireAddress
 * @property {string} url
 * @property {RegExp} change of a line of the stream, or of a message, that tells of a change
 * @property {string} [protocol] subprotocol of the WebSocket
 * @property {string} [greeting] the first message of a client
 */

/** Reads what a page would be told, without a browser. */
export class Wire {
  #change;
  #end = () => {};
  /** Of all changes so far. */
  count = 0;
  /** When the last one came. */
  lastAt = Number.NaN;
  /** @type {() => void} */
  #onChange = () => {};

  /** @param {WireAddress} address */
  static async open(address) {
    const wire = new Wire(address);
    await (address.url.startsWith('ws') ? wire.#openSocket(address) : wire.#openStream(address));
    return wire;
  }

  /** @param {WireAddress} address */
  constructor({ change }) {
    this.#change = change;
  }

  /**
   * @param {number} patience in milliseconds
   * @returns {Promise<number | undefined>} when the next change comes; undefined when none does
   */
  next(patience) {
    return new Promise((resolve) => {
      const deadline = setTimeout(() => resolve(undefined), patience);
      this.#onChange = () => {
        clearTimeout(deadline);
        resolve(this.lastAt);
      };
    });
  }

  end() {
    this.#end();
  }

  /** @param {WireAddress} address */
  async #openSocket({ url, protocol, greeting }) {
    const socket = new WebSocket(url, protocol ? [protocol] : [], { origin: originOf(url) });
    this.#end = () => socket.terminate();
    socket.on('message', (data) => {
      const text = data.toString();
      // What keeps a connection of Socket.IO alive.
      if (text === '2') socket.send('3');
      this.#hear(text);
    });
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    socket.on('error', () => {});
    if (greeting !== undefined) socket.send(greeting);
  }

  /** @param {WireAddress} address */
  async #openStream({ url }) {
    const ending = new AbortController();
    this.#end = () => ending.abort();
    const headers = { accept: 'text/event-stream' };
    const { body } = await fetch(url, { headers, signal: ending.signal });
    void this.#read(body ?? new ReadableStream()).catch(() => {});
  }

  /** @param {ReadableStream<Uint8Array>} body */
  async #read(body) {
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of body) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#hear(line);
    }
  }

  /** @param {string} text */
  #hear(text) {
    if (!this.#change.test(text)) return;
    this.count += 1;
    this.lastAt = performance.now();
    this.#onChange();
  }
}

/** @param {string} url */
function originOf(url) {
  return new URL(url.replace('ws', 'http')).origin;
}
