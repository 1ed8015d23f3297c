import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { Readable } from 'node:stream';

export type HttpRequest = IncomingMessage | Http2ServerRequest;
export type HttpResponse = ServerResponse | Http2ServerResponse;

const waiting = new WeakMap<HttpRequest['socket'], Set<Readable>>();

/** Whether the client has gone already, while its handler was waiting for something. */
export function hasLeft(request: HttpRequest, response: HttpResponse): boolean {
  // Over HTTP/2 the response alone does not tell.
  return response.destroyed || request.aborted || request.socket?.destroyed === true;
}

/** A stream that never becomes a body, or whose client leaves before it does, is closed all the same. */
export function closeWithClient(
  stream: Readable,
  request: HttpRequest,
  response: HttpResponse,
): void {
  response.once('close', () => stream.destroy());
  // A response that waits behind another one has no socket yet, and is not told when that closes.
  if (response.socket) return;
  const streams = waitingOn(request.socket);
  streams.add(stream);
  stream.once('close', () => streams.delete(stream));
}

/** The streams that go with a socket: many, and one listener, since more would look like a leak. */
function waitingOn(socket: HttpRequest['socket']): Set<Readable> {
  const known = waiting.get(socket);
  if (known) return known;
  const streams = new Set<Readable>();
  waiting.set(socket, streams);
  socket.once('close', () => {
    for (const stream of streams) stream.destroy();
  });
  return streams;
}
