import type { IncomingHttpHeaders } from 'node:http';
import { type ByteRange, parseRange } from './byte-range.ts';
import { isSameRepresentation, judgeConditions, type Validators } from './conditions.ts';

/** How a request for a file is answered. */
export interface FileAnswer {
  readonly status: 200 | 206 | 304 | 412 | 416;
  readonly headers: Readonly<Record<string, string>>;
  /** What of the file is sent; none of it if undefined. */
  readonly part: ByteRange | undefined;
}

/** What is told of a file beside its type. */
export interface FileFacts {
  /** In bytes. */
  readonly size: bigint;
  readonly mtimeMs: bigint;
  readonly ctimeNs: bigint;
}

/** Decides by the conditions and the range of a GET or HEAD request. */
export function fileAnswer(
  request: IncomingHttpHeaders,
  { size: bytes, mtimeMs, ctimeNs }: FileFacts,
): FileAnswer {
  const size = Number(bytes);
  // Not the time of the last write alone: tools that copy set it back to that of the original.
  const etag = `W/"${bytes.toString(16)}-${ctimeNs.toString(16)}"`;
  const validators: Validators = { etag, modified: Number(mtimeMs) };
  const modified = new Date(validators.modified);
  const isDate = !Number.isNaN(modified.getTime());
  const headers = {
    'accept-ranges': 'bytes',
    etag,
    // Disks know times that no calendar has.
    ...(isDate ? { 'last-modified': modified.toUTCString() } : {}),
  };
  const judged = judgeConditions(request, validators);
  if (judged === 'failed') return { status: 412, headers: {}, part: undefined };
  if (judged === 'unchanged') return { status: 304, headers, part: undefined };
  const isResumed = isSameRepresentation(request['if-range'], validators);
  const range = isResumed ? parseRange(request.range, size) : undefined;
  if (range === 'unsatisfiable') {
    return { status: 416, headers: { 'content-range': `bytes */${size}` }, part: undefined };
  }
  const part = range ?? { start: 0, end: size };
  const sent = { ...headers, 'content-length': String(part.end - part.start) };
  if (!range) return { status: 200, headers: sent, part };
  const place = `bytes ${part.start}-${part.end - 1}/${size}`;
  return { status: 206, headers: { ...sent, 'content-range': place }, part };
}
