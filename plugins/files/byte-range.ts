/** A part of a file, in bytes; `end` is behind the last one. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

const ONE_RANGE = /^bytes=(\d*)-(\d*)$/i;

/**
 * Reads a Range header for a file of this size: undefined for what is to be answered with all of it,
 * as several parts are ("A server MAY ignore the Range header field", RFC 9110).
 */
export function parseRange(
  header: string | undefined,
  size: number,
): ByteRange | 'unsatisfiable' | undefined {
  const [, first = '', last = ''] = ONE_RANGE.exec(header?.trim() ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  if (first === '') {
    // "bytes=-500": the last 500 bytes, or all if there are fewer; of nothing no part can be told.
    if (size === 0) return undefined;
    return Number(last) === 0
      ? 'unsatisfiable'
      : { start: Math.max(0, size - Number(last)), end: size };
  }
  const start = Number(first);
  // "An int-range is invalid if the last-pos value is present and less than first-pos."
  if (last !== '' && Number(last) < start) return undefined;
  if (start >= size) return 'unsatisfiable';
  return { start, end: last === '' ? size : Math.min(Number(last) + 1, size) };
}
