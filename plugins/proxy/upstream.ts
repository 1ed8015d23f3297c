import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Duplex, Readable } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { Destination } from './destination.ts';
import type { Headers } from './hop-by-hop.ts';

/** A request to pass on. */
interface Question {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: Headers;
  /** Absent when the request has none. */
  readonly body: Readable | undefined;
  /** Breaks the exchange off, whatever it has come to. */
  readonly signal: AbortSignal;
}

/** What came back; the two halves of a connection if the upstream has switched protocols. */
export interface Answer {
  readonly message: IncomingMessage;
  readonly switched: { readonly socket: Duplex; readonly head: Buffer } | undefined;
}

/** Until there is a connection, in milliseconds; an answer may take any time after that. */
const CONNECT_TIMEOUT = 4000;
const MAX_HEADER_SIZE = 65_536;

/** Another server, asked with node:http: every body streams, and no answer is waited for in vain. */
export class Upstream {
  readonly destination: Destination;
  readonly #onUntrusted: () => void;
  readonly #agent: http.Agent | false;

  /** @param onUntrusted - Called for each connection with a certificate that nobody vouches for. */
  constructor(destination: Destination, onUntrusted: () => void) {
    this.destination = destination;
    this.#onUntrusted = onUntrusted;
    // Many a backend under development serves one connection at a time: an idle one would block it.
    this.#agent = destination.isLoopback ? false : this.#pool();
  }

  ask(question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => this.#ask(question, this.#agent, resolve, reject));
  }

  close(): void {
    if (this.#agent) this.#agent.destroy();
  }

  #pool(): http.Agent {
    const options = { keepAlive: true };
    return this.destination.https ? new https.Agent(options) : new http.Agent(options);
  }

  #ask(
    question: Question,
    pool: http.Agent | false,
    resolve: (answer: Answer) => void,
    reject: (error: Error) => void,
  ): void {
    const { body } = question;
    // A body is sent once: not to a connection that may have been given up by the other end.
    const agent = body === undefined ? pool : false;
    const request = this.#request(question, agent);
    request.on('socket', () => this.#watchConnection(request));
    let isSettled = false;
    const answer = (message: IncomingMessage, switched: Answer['switched']) => {
      isSettled = true;
      resolve({ message, switched });
    };
    request.on('response', (message) => {
      const { statusCode = 0 } = message;
      if (statusCode >= 200 && statusCode <= 599) return answer(message, undefined);
      message.destroy();
      isSettled = true;
      reject(new Error(`a status that nobody knows: ${statusCode}`));
    });
    // Without this listener Node closes a connection that switches protocols unasked.
    if (question.headers.upgrade !== undefined) {
      request.on('upgrade', (message, socket, head) => answer(message, { socket, head }));
    }
    request.on('error', (error) => {
      const isStale = request.reusedSocket && !question.signal.aborted;
      if (isStale && !isSettled) this.#ask(question, false, resolve, reject);
      else reject(error);
      isSettled = true;
    });
    request.on('close', () => {
      if (!isSettled) reject(new Error('closed without an answer'));
    });
    if (body === undefined) request.end();
    else send(body, request);
  }

  #request({ method, target, headers, signal }: Question, agent: http.Agent | false) {
    const { hostname, port, https: isHttps, serverName, isLoopback } = this.destination;
    const options = {
      ...{ hostname, port, method, path: target, agent, signal },
      // Asked to close, a server may do so before it has read the body, and its answer is lost.
      headers: { connection: 'keep-alive', ...headers },
      setHost: false,
      maxHeaderSize: MAX_HEADER_SIZE,
    };
    if (!isHttps) return http.request(options);
    // Nobody can get between this machine and itself, and hardly anybody has a certificate for it.
    return https.request({ ...options, servername: serverName, rejectUnauthorized: !isLoopback });
  }

  #watchConnection(request: ClientRequest): void {
    const { socket } = request;
    if (!socket?.connecting) return;
    const timeout = setTimeout(() => {
      request.destroy(Object.assign(new Error('no connection'), { code: 'ETIMEDOUT' }));
    }, CONNECT_TIMEOUT).unref();
    socket.once(this.destination.https ? 'secureConnect' : 'connect', () => {
      clearTimeout(timeout);
      if (socket instanceof TLSSocket && !socket.authorized) this.#onUntrusted();
    });
    socket.once('close', () => clearTimeout(timeout));
  }
}

/** An upstream that has answered need not read on; the client may send all the same. */
function send(body: Readable, request: ClientRequest): void {
  body.pipe(request);
  request.once('close', () => {
    body.unpipe(request);
    body.resume();
  });
}
