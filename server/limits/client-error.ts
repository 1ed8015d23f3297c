import type { Socket } from 'node:net';
import { plainAnswer } from '../../plugins/hosts/plain-answer.ts';

/** What Node's parser of HTTP tells of a request that it gives up. */
export interface ClientError extends Error {
  readonly code?: string | undefined;
  /** The bytes in which it gave up, if it did, and how many of them it had read. */
  readonly rawPacket?: unknown;
  readonly bytesParsed?: number | undefined;
}

/** Milliseconds that the answer has to leave. */
const PATIENCE = 1000;

/**
 * For Fastify's `clientErrorHandler`: answers what never becomes a request, and hangs up.
 *
 * @param hasBegun whether an answer to another request is under way, which a text would get into
 */
export function answerClientError(error: ClientError, socket: Socket, hasBegun: boolean): void {
  if (!isAboutHttp(error) || !socket.writable || hasBegun) {
    socket.destroy();
    return;
  }
  const [status, text] = answerTo(error, socket.bytesRead);
  socket.end(plainAnswer(status, text), () => socket.destroy());
  // An answer to an earlier request may be in front of it, and nobody who reads that.
  setTimeout(() => socket.destroy(), PATIENCE).unref();
}

/** Else of the connection, or of its TLS: nothing can be written there. */
function isAboutHttp({ code = '' }: ClientError): boolean {
  return code.startsWith('HPE_') || code === 'ERR_HTTP_REQUEST_TIMEOUT';
}

function answerTo(
  { code, rawPacket, bytesParsed }: ClientError,
  bytesRead: number,
): readonly [status: string, text: string] {
  if (code === 'HPE_HEADER_OVERFLOW') {
    const isFirst = Buffer.isBuffer(rawPacket) && bytesRead === rawPacket.length;
    // The request line is not over yet: it is its target that is too long.
    if (isFirst && !rawPacket.subarray(0, bytesParsed).includes('\n'))
      return ['414 URI Too Long', 'The URL is too long\n'];
    const text = 'The headers are too long: maxHeaderSize is the limit\n';
    return ['431 Request Header Fields Too Large', text];
  }
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') {
    return ['413 Payload Too Large', 'The chunk extensions are too long\n'];
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return ['408 Request Timeout', 'The request took too long to come\n'];
  }
  return ['400 Bad Request', 'The request cannot be read\n'];
}
