import { IncomingMessage, type OutgoingHttpHeader, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { HttpResponse } from './leaving.ts';

/** By their names in lower case. */
export type ResponseHeaders = Readonly<Record<string, OutgoingHttpHeader | undefined>>;

const { prototype } = ServerResponse;
/** Headers that say how long a body is, or what comes after it. */
const FRAMING = ['content-length', 'transfer-encoding', 'trailer'];

/** Tests switch it off: then every stream is piped. */
export const directResponses = { enabled: process.env.DEV_SERVE_DIRECT !== 'off' };

/** A response over HTTP/1.1 and the socket that is its own. */
export interface DirectResponse {
  readonly response: ServerResponse;
  readonly socket: Socket;
}

/**
 * The response, if a stream may write to its socket itself. Where Node does not have what is
 * asked here, which its documentation does not promise, the stream is piped as any other.
 */
export function directResponse(
  response: HttpResponse,
  headers: ResponseHeaders,
): DirectResponse | undefined {
  // HTTP/2 frames what is written itself.
  if (!directResponses.enabled || !(response instanceof ServerResponse)) return undefined;
  if (!canWriteDirectly() || !isPlain(response, headers)) return undefined;
  const socket = ownSocket(response);
  return socket && { response, socket };
}

function isPlain(response: ServerResponse, headers: ResponseHeaders): boolean {
  return (
    // A proxy or a client of HTTP/1.0 knows no chunks; the answer to HEAD has none.
    response.req.httpVersion === '1.1' &&
    response.req.method !== 'HEAD' &&
    response.statusCode === 200 &&
    !response.headersSent &&
    response.writableLength === 0 &&
    // What the app holds back shall stay in front of what it is to be behind.
    response.writableCorked === 0 &&
    Reflect.get(response, 'chunkedEncoding') === false &&
    Reflect.get(response, 'useChunkedEncodingByDefault') === true &&
    // By `removeHeader('transfer-encoding')`: such a body is what comes until the connection ends.
    Reflect.get(response, '_removedTE') === false &&
    !FRAMING.some((name) => name in headers) &&
    // Whoever has wrapped this response, to compress it or to look at it, gets everything.
    response.write === prototype.write &&
    response.end === prototype.end &&
    response.writeHead === prototype.writeHead
  );
}

/**
 * Writes the head. False if a header cannot be written, which whoever pipes it will tell of, or the body
 * behind it is not one of chunks after all.
 */
export function writeHead({ response }: DirectResponse, headers: ResponseHeaders): boolean {
  // As a list Node keeps no copy of them.
  const pairs: OutgoingHttpHeader[] = [];
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    if (value !== undefined) pairs.push(name, value);
  }
  try {
    response.writeHead(response.statusCode, pairs);
  } catch {
    // That of 200 would go with the status of the error.
    response.statusMessage = '';
    return false;
  }
  joinHead(response);
  return Reflect.get(response, 'chunkedEncoding') === true;
}

/**
 * Writes the head that waits, and the first bytes behind it. Node 26 keeps what is written to a response
 * for a tick, and its head, if that has not gone yet.
 */
export function beginBody({ response, socket }: DirectResponse, bytes: Buffer): boolean {
  socket.cork();
  response.flushHeaders();
  const hasRoom = socket.write(bytes);
  socket.uncork();
  return hasRoom;
}

/**
 * Node keeps the head of a response for as long as that lives, in the dozens of pieces it was put
 * together from, until somebody looks at it.
 */
function joinHead(response: ServerResponse): void {
  const head: unknown = Reflect.get(response, '_header');
  if (typeof head === 'string') head.indexOf('\0');
}

/** A pipelined response that waits for another one has no socket; that of `inject()` has no handle. */
function ownSocket(response: ServerResponse): Socket | undefined {
  const { socket } = response;
  if (!socket?.writable || Reflect.get(socket, '_httpMessage') !== response) return undefined;
  const handle: unknown = Reflect.get(socket, '_handle');
  const isReal = typeof handle === 'object' && handle !== null && 'writeBuffer' in handle;
  return isReal ? socket : undefined;
}

let isKnown: boolean | undefined;

/** Whether {@link tryResponse} has passed, which is tried once. */
export function canWriteDirectly(): boolean {
  isKnown ??= tryResponse();
  return isKnown;
}

/** Whether the responses of this Node do what they are taken for here: tries one that goes nowhere. */
export function tryResponse(): boolean {
  const socket = new Nowhere();
  const request = new IncomingMessage(socket);
  Object.assign(request, {
    method: 'GET',
    httpVersion: '1.1',
    httpVersionMajor: 1,
    httpVersionMinor: 1,
  });
  const response = new ServerResponse(request);
  const direct = { response, socket };
  try {
    response.assignSocket(socket);
    const isTaken = isPlain(response, {}) && Reflect.get(socket, '_httpMessage') === response;
    if (!isTaken || !writeHead(direct, { 'content-type': 'text/event-stream' })) return false;
    beginBody(direct, Buffer.from('2\r\nok\r\n'));
  } catch {
    return false;
  }
  return /^HTTP\/1\.1 200 OK\r\n(?:.+\r\n)*transfer-encoding: chunked\r\n(?:.+\r\n)*\r\n2\r\nok\r\n$/i.test(
    socket.text,
  );
}

/** A socket that keeps what is written to it. */
class Nowhere extends Socket {
  text = '';

  override _write(chunk: Buffer | string, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }

  override _writev(chunks: readonly { chunk: Buffer | string }[], done: () => void): void {
    for (const { chunk } of chunks) this.text += chunk.toString();
    done();
  }
}
