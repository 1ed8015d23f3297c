import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { Readable } from 'node:stream';

export type HttpRequest = IncomingMessage | Http2ServerRequest;
export type HttpResponse = ServerResponse | Http2ServerResponse;

const waiting = new WeakMap<HttpRequest['socket'], Set<() => void>>();

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
  onLeave(request, response, () => stream.destroy());
}

/**
 * Calls `leave` when the response is closed, by whomever, or its client leaves before it has begun.
 *
 * @param leave may be called twice
 */
export function onLeave(request: HttpRequest, response: HttpResponse, leave: () => void): void {
  response.on('close', leave);
  if (response.socket) return;
  // A response that waits behind another one has no socket yet, and is not told when that closes.
  const others = waitingOn(request.socket).add(leave);
  response.on('close', () => void others.delete(leave));
}

/** What goes with a socket: of many, and one listener, since more would look like a leak. */
function waitingOn(socket: HttpRequest['socket']): Set<() => void> {
  const known = waiting.get(socket);
  if (known) return known;
  const leaves = new Set<() => void>();
  waiting.set(socket, leaves);
  socket.once('close', () => {
    for (const leave of leaves) leave();
  });
  return leaves;
}
