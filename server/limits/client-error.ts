import type { Socket } from 'node:net';
import { plainAnswer } from '../../plugins/hosts/plain-answer.ts';
import type { OpenResponses } from './open-responses.ts';

/** What Node's parser of HTTP tells of a request that it gives up. */
export interface ClientError extends Error {
  readonly code?: string | undefined;
  /** The bytes in which it gave up, if it did, and how many of them it had read. */
  readonly rawPacket?: unknown;
  readonly bytesParsed?: number | undefined;
}

/** Milliseconds that the answer has to leave. */
const PATIENCE = 1000;
const LATE = 'ERR_HTTP_REQUEST_TIMEOUT';

/**
 * For Fastify's `clientErrorHandler`: answers what never becomes a request, and hangs up.
 *
 * @param responses those that are under way, which a text would get into
 */
export function answerClientError(
  error: ClientError,
  socket: Socket,
  responses: OpenResponses,
): void {
  if (error.code !== LATE) {
    answer(error, socket, responses);
    return;
  }
  // A process that was stopped looks at its timers first, and only then at what has come.
  const count = responses.countOn(socket);
  setImmediate(() => {
    if (responses.countOn(socket) === count) answer(error, socket, responses);
  });
}

function answer(error: ClientError, socket: Socket, responses: OpenResponses): void {
  if (!isAboutHttp(error) || !socket.writable || responses.hasBegunOn(socket)) {
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
  return code.startsWith('HPE_') || code === LATE;
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
  if (code === LATE) {
    return ['408 Request Timeout', 'The request took too long to come\n'];
  }
  return ['400 Bad Request', 'The request cannot be read\n'];
}
