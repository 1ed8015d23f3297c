import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { handshake } from '../../support/raw-request.ts';
import { CANARY, SECRET } from './folder.ts';

export interface Question {
  readonly method?: string;
  /** Sent as they are, also those that `fetch` forbids. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Answer {
  /** 0 where the connection was ended without an answer. */
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** What no answer may hold, and what was noticed besides. */
export interface Findings {
  /** Requests whose answers held what nobody may read. */
  readonly leaks: string[];
  /** Requests that were answered 5xx. */
  readonly failures: string[];
}

/** How long a machine may take for one answer when it has much else to do. */
const PATIENCE = 15_000;

/** A server on 127.0.0.1, as an attacker sees it: requests go out byte for byte. */
export class Target {
  readonly port: number;
  readonly findings: Findings = { leaks: [], failures: [] };
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 8 });

  constructor(port: number) {
    this.port = port;
  }

  get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Asks for a target that is not put right on the way, as a URL would be. */
  async ask(path: string, question: Question = {}): Promise<Answer> {
    const { method = 'GET', headers = {}, body } = question;
    const place = { host: '127.0.0.1', port: this.port, agent: this.#agent };
    const options = { ...place, method, path, headers: { host: this.host, ...headers } };
    const answer = await new Promise<Answer>((resolve, reject) => {
      const asked = request(options, (response) => {
        const { statusCode: status = 0, headers } = response;
        response.toArray().then((chunks) => {
          resolve({ status, headers, text: Buffer.concat(chunks).toString() });
        }, reject);
      });
      asked.setTimeout(PATIENCE, () => asked.destroy(new Error(`no answer to ${path}`)));
      asked.on('error', (error: NodeJS.ErrnoException) => {
        // The server may end an idle connection just when it is used once more.
        if (asked.reusedSocket && error.code === 'ECONNRESET') resolve(this.ask(path, question));
        else reject(error);
      });
      asked.end(body);
    });
    return this.#noted(`${method} ${path}`, answer);
  }

  /** The answers to many targets, in their order. */
  askAll(paths: readonly string[], question: Question = {}): Promise<Answer[]> {
    return Promise.all(paths.map((path) => this.ask(path, question)));
  }

  /** Sends bytes on a connection of their own, and reads until the server ends it. */
  say(bytes: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const socket = this.connect();
      const chunks: Buffer[] = [];
      socket.setTimeout(PATIENCE, () => reject(new Error(`left open after ${bytes.slice(0, 80)}`)));
      socket.on('data', (chunk) => chunks.push(chunk));
      socket.once('close', () => {
        const text = Buffer.concat(chunks).toString('latin1');
        resolve(this.#noted(bytes.slice(0, 80), parse(text)));
      });
      socket.write(bytes, 'latin1');
    });
  }

  /** The head of a GET request on a connection of its own; `Host` is right unless it is given. */
  get(target: string, ...lines: readonly string[]): Promise<Answer> {
    const host = lines.some((line) => /^host *:/i.test(line)) ? [] : [`Host: ${this.host}`];
    const head = [`GET ${target} HTTP/1.1`, ...host, ...lines, 'Connection: close', '', ''];
    return this.say(head.join('\r\n'));
  }

  /** The answer to a WebSocket handshake; what it has opened is left at once. */
  async upgrade(path: string, ...lines: readonly string[]): Promise<Answer> {
    const socket = this.connect();
    const text = await this.shake(socket, handshake(path, `Host: ${this.host}`, ...lines));
    socket.destroy();
    return this.#noted(`upgrade ${path}`, parse(text));
  }

  /** Sends the lines of a head, and resolves to the head of the answer with what came at once. */
  shake(socket: Socket, lines: readonly string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      let text = '';
      socket.setTimeout(PATIENCE, () => reject(new Error(`no answer to ${lines[0]}`)));
      socket.once('close', () => resolve(text));
      socket.on('data', (chunk) => {
        text += chunk.toString('latin1');
        if (text.includes('\r\n\r\n')) resolve(text);
      });
      socket.write(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
    });
  }

  /** A connection whose failures are nobody's. */
  connect(): Socket {
    const socket = connect(this.port, '127.0.0.1');
    socket.on('error', () => {});
    return socket;
  }

  close(): void {
    this.#agent.destroy();
  }

  #noted(question: string, answer: Answer): Answer {
    const whole = `${JSON.stringify(answer.headers)}${answer.text}`;
    if (whole.includes(CANARY) || whole.includes(SECRET)) this.findings.leaks.push(question);
    if (answer.status >= 500) this.findings.failures.push(`${question} -> ${answer.status}`);
    return answer;
  }
}

/** An answer as it came over the wire; its body may be chunked still. */
export function parse(text: string): Answer {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [line = '', ...fields] = head.split('\r\n');
  const headers = Object.fromEntries(
    fields.map((field) => {
      const colon = field.indexOf(':');
      return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()];
    }),
  );
  return { status: Number(line.split(' ')[1] ?? 0), headers, text: rest.join('\r\n\r\n') };
}
