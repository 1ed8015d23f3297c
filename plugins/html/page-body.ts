import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';

/**
 * The body of a page as what can be read; undefined for what is no body.
 *
 * @param isEncoded - whether the headers tell of a content coding
 */
export function pageBody(
  payload: unknown,
  isEncoded: boolean,
): string | Buffer | Readable | undefined {
  if (payload instanceof ReadableStream) return Readable.fromWeb(payload);
  if (isReadable(payload)) return payload;
  if (Buffer.isBuffer(payload)) return isEncoded ? Readable.from([payload]) : payload;
  // Fastify sends a string as UTF-8: whatever its headers say, it is not compressed.
  return typeof payload === 'string' && !isEncoded ? payload : undefined;
}

export function isReadable(payload: unknown): payload is Readable {
  if (typeof payload !== 'object' || payload === null) return false;
  return 'pipe' in payload && typeof payload.pipe === 'function' && 'on' in payload;
}
