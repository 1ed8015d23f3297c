import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** What came back for several requests, one behind the other. */
export interface Answers {
  /** In the order of the requests; of one that was hung up on as well. */
  readonly statuses: readonly number[];
  /** All that came, byte for byte. */
  readonly text: string;
}

const STATUS_LINE = /HTTP\/1\.1 (\d{3}) /g;

/**
 * Sends request-targets as they are, several at once on one connection; connects again when the server
 * hangs up, as it does on what it cannot read. No answer may hold the text of a status line.
 */
export class PipelinedClient {
  readonly #port: number;
  readonly #host: string;
  #socket: Socket | undefined;

  constructor(port: number, host = 'localhost') {
    this.#port = port;
    this.#host = host;
  }

  /** @param headers each with the end of its line */
  async ask(targets: readonly string[], headers = ''): Promise<Answers> {
    const statuses: number[] = [];
    let text = '';
    // A connection that was used before may be one that the server is just closing.
    for (let isFresh = false; statuses.length < targets.length; ) {
      // One alone, where none was answered: a later one may have ended the connection before that.
      const rest = targets.slice(statuses.length).slice(0, isFresh ? 1 : undefined);
      const answer = await this.#send(rest, headers);
      text += answer;
      const found = [...answer.matchAll(STATUS_LINE)].map(([, status]) => Number(status));
      if (found.length === 0 && isFresh) throw new Error(`no answer to ${JSON.stringify(rest[0])}`);
      isFresh = found.length === 0;
      statuses.push(...found);
    }
    return { statuses, text };
  }

  close(): void {
    this.#socket?.destroy();
  }

  /** Resolves to what comes until all are answered or the server hangs up. */
  async #send(targets: readonly string[], headers: string): Promise<string> {
    const socket = await this.#connected();
    const heads = targets.map(
      (target, index) =>
        `GET ${target} HTTP/1.1\r\nHost: ${this.#host}\r\nX-Place: ${index}\r\n${headers}\r\n`,
    );
    socket.write(heads.join(''), 'latin1');
    let text = '';
    return new Promise((resolve) => {
      const end = (): void => {
        socket.off('data', take).off('close', end);
        resolve(text);
      };
      const take = (chunk: Buffer): void => {
        text += chunk.toString('latin1');
        if (isWhole(text, targets.length)) end();
      };
      socket.on('data', take).on('close', end);
    });
  }

  async #connected(): Promise<Socket> {
    if (this.#socket && !this.#socket.destroyed) return this.#socket;
    const socket = connect(this.#port, '127.0.0.1');
    this.#socket = socket;
    await once(socket, 'connect');
    // What is written to a connection that is reset is written again to the next.
    return socket.on('error', () => {});
  }
}

/** Whether so many responses are complete: framing by length, in chunks, or without a body. */
function isWhole(text: string, count: number): boolean {
  let place = 0;
  for (let each = 0; each < count; each += 1) {
    const end = endOfResponse(text, place);
    if (end === undefined) return false;
    place = end;
  }
  return true;
}

function endOfResponse(text: string, start: number): number | undefined {
  const body = text.indexOf('\r\n\r\n', start) + 4;
  if (body < 4) return undefined;
  const head = text.slice(start, body).toLowerCase();
  if (/^http\/1\.1 (?:304|204)/.test(head)) return body;
  if (head.includes('transfer-encoding: chunked')) {
    const last = text.indexOf('\r\n0\r\n\r\n', body - 2);
    return last === -1 ? undefined : last + 7;
  }
  const end = body + Number(/content-length: (\d+)/.exec(head)?.[1] ?? 0);
  return end <= text.length ? end : undefined;
}
