import type { IncomingMessage } from 'node:http';

/** Whether a request has a body, perhaps an empty one. */
export function hasBody(request: IncomingMessage): boolean {
  const { headers } = request;
  const length = headers['content-length'];
  if (length !== undefined) return length !== '0';
  if (request.httpVersionMajor < 2) {
    // "The presence of a message body in a request is signaled by a Content-Length or
    // Transfer-Encoding header field" (RFC 9112, 6).
    return headers['transfer-encoding'] !== undefined;
  }
  return !endsWithHeaders(request);
}

/** HTTP/2 says with the headers whether more is to come. */
function endsWithHeaders(request: object): boolean {
  if (!('stream' in request)) return true;
  const { stream } = request;
  if (typeof stream !== 'object' || stream === null) return true;
  return !('endAfterHeaders' in stream) || stream.endAfterHeaders === true;
}
