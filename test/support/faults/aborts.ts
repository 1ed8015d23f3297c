import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { handshake } from '../raw-request.ts';

const AT_ONCE = 50;
/** Of an answer that may have no end, at most so much is read before the connection breaks off. */
const MOST_READ_BYTES = 400;
/** Until the answer begins, and from then on: it may be shorter than that, and stay open. */
const PATIENCE_MILLISECONDS = [5000, 30] as const;

/** The bytes of a request; `nth` is another number each time. */
export type RequestText = (nth: number, host: string) => string;

const CRLF = '\r\n';
const toText = (lines: readonly string[]): string => `${lines.join(CRLF)}${CRLF}${CRLF}`;

/** A request for a page, an event stream, or whatever else a path leads to. */
export const getting =
  (path: string, accept: string): RequestText =>
  (_nth, host) =>
    toText([`GET ${path} HTTP/1.1`, `Host: ${host}`, `Accept: ${accept}`]);

export const upgrading =
  (path: string): RequestText =>
  (_nth, host) =>
    toText(handshake(path, `Host: ${host}`, 'Sec-WebSocket-Protocol: dev-serve'));

export const posting =
  (path: string, bodyOf: (nth: number) => unknown): RequestText =>
  (nth, host) => {
    const body = JSON.stringify(bodyOf(nth));
    const length = `Content-Length: ${Buffer.byteLength(body)}`;
    const type = 'Content-Type: application/json';
    return toText([`POST ${path} HTTP/1.1`, `Host: ${host}`, type, length]) + body;
  };

/**
 * Connects so often, fifty at a time, and breaks off at a byte of chance of a request of chance or
 * of its answer, in good order or with a reset. Resolves to how many answers had begun.
 */
export async function abortOften(
  origin: string,
  requests: readonly RequestText[],
  count: number,
  random: () => number,
): Promise<number> {
  const { hostname, port, host } = new URL(origin);
  let begun = 0;
  let answered = 0;
  const abort = (): Promise<void> => {
    begun += 1;
    const request = requests[Math.floor(random() * requests.length)]?.(begun, host) ?? '';
    const isWhole = random() < 0.6;
    const sent = isWhole ? request : request.slice(0, Math.floor(random() * request.length));
    let left = 1 + Math.floor(random() * MOST_READ_BYTES);
    const isReset = random() < 0.5;
    return new Promise((resolve) => {
      const socket = connect({ host: hostname, port: Number(port) });
      const breakOff = () => void (isReset ? socket.resetAndDestroy() : socket.destroy());
      let timer = setTimeout(breakOff, PATIENCE_MILLISECONDS[0]);
      socket.write(sent, () => isWhole || breakOff());
      socket.once('data', () => {
        answered += 1;
        clearTimeout(timer);
        timer = setTimeout(breakOff, PATIENCE_MILLISECONDS[1]);
      });
      socket.on('data', ({ length }) => {
        left -= length;
        if (left <= 0) breakOff();
      });
      socket.on('error', () => {});
      socket.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  };
  const lane = async () => {
    while (begun < count) {
      await abort();
      // Others have a turn: those that read all along, and the test.
      if (begun % AT_ONCE === 0) await delay(1);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return answered;
}
