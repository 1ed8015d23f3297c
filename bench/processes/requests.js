// Connections that ask again as soon as they have their answer.
import { connect } from 'node:net';
import { answer } from './answer.js';

const HOST = '127.0.0.1';
const HEAD_END = '\r\n\r\n';

/** One connection; where the answer ends is read from its head. */
class Client {
  requests = 0;
  #socket;
  #head;
  #text = '';
  #until;
  /** @type {(error?: Error) => void} */
  #done = () => {};

  /**
   * @param {number} port
   * @param {string} head
   * @param {number} until by performance.now()
   */
  constructor(port, head, until) {
    this.#head = head;
    this.#until = until;
    this.#socket = connect({ port, host: HOST, noDelay: true });
    this.#socket.on('data', (chunk) => this.#take(chunk.toString('latin1')));
    this.#socket.on('error', () => {});
    this.#socket.once('close', () => this.#done(new Error('the connection was closed')));
  }

  /** @returns {Promise<void>} */
  run() {
    return new Promise((resolve, reject) => {
      this.#done = (error) => (error ? reject(error) : resolve());
      this.#socket.write(this.#head);
    });
  }

  /** @param {string} text */
  #take(text) {
    this.#text += text;
    if (!isWhole(this.#text)) return;
    if (!this.#text.startsWith('HTTP/1.1 200')) {
      this.#done(new Error(`answered ${this.#text.slice(0, 40)}`));
      return;
    }
    this.requests += 1;
    this.#text = '';
    if (performance.now() < this.#until) {
      this.#socket.write(this.#head);
      return;
    }
    this.#done();
    this.#socket.destroy();
  }
}

/** @param {string} text of an answer */
function isWhole(text) {
  const end = text.indexOf(HEAD_END);
  if (end === -1) return false;
  const length = /^content-length: (\d+)/im.exec(text.slice(0, end))?.[1];
  if (length === undefined) return text.endsWith(`0${HEAD_END}`);
  return text.length >= end + HEAD_END.length + Number(length);
}

answer({
  async load({ port, path, accept, destination, connections, milliseconds }) {
    const head =
      `GET ${path} HTTP/1.1\r\nHost: localhost:${port}\r\nAccept: ${accept}\r\n` +
      `Sec-Fetch-Dest: ${destination}\r\n\r\n`;
    const until = performance.now() + milliseconds;
    const clients = Array.from({ length: connections }, () => new Client(port, head, until));
    await Promise.all(clients.map((client) => client.run()));
    return { requests: clients.reduce((sum, { requests }) => sum + requests, 0) };
  },
});
