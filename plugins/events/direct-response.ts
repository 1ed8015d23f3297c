import { type OutgoingHttpHeader, ServerResponse } from 'node:http';
import type { HttpResponse } from './leaving.ts';

/** By their names in lower case. */
export type ResponseHeaders = Readonly<Record<string, OutgoingHttpHeader | undefined>>;

const { prototype } = ServerResponse;
/** Headers that say how long a body is, or what comes after it. */
const FRAMING = ['content-length', 'transfer-encoding', 'trailer'];

/** Tests switch it off: then every stream is piped. */
export const directResponses = { enabled: process.env.DEV_SERVE_DIRECT !== 'off' };

/**
 * Whether a stream may write to the socket of this response itself. Where Node does not have what is
 * asked here, which its documentation does not promise, the stream is piped as any other.
 */
export function isDirect(
  response: HttpResponse,
  headers: ResponseHeaders,
): response is ServerResponse {
  return (
    directResponses.enabled &&
    // HTTP/2 frames what is written itself.
    response instanceof ServerResponse &&
    // A proxy or a client of HTTP/1.0 knows no chunks; the answer to HEAD has none.
    response.req.httpVersion === '1.1' &&
    response.req.method !== 'HEAD' &&
    response.statusCode === 200 &&
    !response.headersSent &&
    response.writableLength === 0 &&
    Reflect.get(response, 'chunkedEncoding') === false &&
    Reflect.get(response, 'useChunkedEncodingByDefault') === true &&
    // By `removeHeader('transfer-encoding')`: such a body is what comes until the connection ends.
    Reflect.get(response, '_removedTE') === false &&
    !FRAMING.some((name) => name in headers) &&
    // Whoever has put something in between, to compress or to look at it, gets everything.
    response.write === prototype.write &&
    response.end === prototype.end &&
    response.writeHead === prototype.writeHead &&
    ownsSocket(response)
  );
}

/**
 * Node keeps the head of a response for as long as that lives, in the dozens of pieces it was put
 * together from, until somebody looks at it.
 */
export function joinHead(response: ServerResponse): void {
  const head: unknown = Reflect.get(response, '_header');
  if (typeof head === 'string') head.indexOf('\0');
}

/** A pipelined response that waits for another one has no socket; that of `inject()` has no handle. */
function ownsSocket(response: ServerResponse): boolean {
  const { socket } = response;
  if (!socket?.writable || Reflect.get(socket, '_httpMessage') !== response) return false;
  const handle: unknown = Reflect.get(socket, '_handle');
  return typeof handle === 'object' && handle !== null && 'writeBuffer' in handle;
}
