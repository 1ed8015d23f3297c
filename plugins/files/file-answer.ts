import type { IncomingHttpHeaders } from 'node:http';
import { type ByteRange, parseRange } from './byte-range.ts';
import { isSameRepresentation, judgeConditions, type Validators } from './conditions.ts';
import { httpDate } from './http-date.ts';

/** How a request for a file is answered. */
export interface FileAnswer {
  readonly status: 200 | 206 | 304 | 412 | 416;
  readonly headers: Readonly<Record<string, string>>;
  /** What of the file is sent, or would be to a GET; none of it if undefined. */
  readonly part: ByteRange | undefined;
}

/** What is told of a file beside its type. */
export interface FileFacts {
  /** In bytes. */
  readonly size: bigint;
  readonly mtimeMs: bigint;
  readonly ctimeNs: bigint;
}

/** What of a request decides on its answer, beside which file it names. */
export interface FileRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
}

/**
 * Decides by the conditions and the range of a GET or HEAD request.
 * @param now of the answer, in milliseconds since the epoch
 */
export function fileAnswer(
  { method, headers: asked }: FileRequest,
  { size: bytes, mtimeMs, ctimeNs }: FileFacts,
  now = Date.now(),
): FileAnswer {
  const size = Number(bytes);
  // Not the time of the last write alone: tools that copy set it back to that of the original.
  const etag = `W/"${bytes.toString(16)}-${ctimeNs.toString(16)}"`;
  // "MUST NOT generate a Last-Modified date that is later than the server's time of message
  // origination (Date)"; a time in the future is replaced by that, which is then told as well.
  const isFuture = Number(mtimeMs) > now;
  const modified = isFuture ? now : Number(mtimeMs);
  const date = httpDate(modified);
  const validators: Validators = { etag, modified: date === undefined ? Number.NaN : modified };
  const headers: Record<string, string> = { 'accept-ranges': 'bytes', etag };
  // Disks know times that no calendar has.
  if (date !== undefined) headers['last-modified'] = date;
  if (date !== undefined && isFuture) headers.date = date;
  const judged = judgeConditions(asked, validators, now);
  if (judged === 'failed') return { status: 412, headers: {}, part: undefined };
  if (judged === 'unchanged') return { status: 304, headers, part: undefined };
  // "GET is the only method for which range handling is defined."
  const mayBePart = method === 'GET' && isSameRepresentation(asked['if-range'], validators, now);
  const range = mayBePart ? parseRange(asked.range, size) : undefined;
  if (range === 'unsatisfiable') {
    return { status: 416, headers: { 'content-range': `bytes */${size}` }, part: undefined };
  }
  const part = range ?? { start: 0, end: size };
  headers['content-length'] = String(part.end - part.start);
  if (!range) return { status: 200, headers, part };
  headers['content-range'] = `bytes ${part.start}-${part.end - 1}/${size}`;
  return { status: 206, headers, part };
}
