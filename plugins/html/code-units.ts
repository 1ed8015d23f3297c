/** How a page's bytes make code units, as far as the place of an ASCII tag depends on it. */
export type Encoding = 'ascii' | 'utf-16le' | 'utf-16be';

/** A byte order mark: its length in bytes and the encoding it tells, if there is one. */
interface ByteOrderMark {
  length: number;
  encoding: Encoding | undefined;
}

/**
 * Reads a byte order mark.
 *
 * @returns undefined while the bytes may still become a mark
 */
export function byteOrderMark(bytes: Buffer, isEnd: boolean): ByteOrderMark | undefined {
  const [first, second, third] = bytes;
  const known = isEnd || bytes.length > 2;
  if (first === 0xff && second === 0xfe) return { length: 2, encoding: 'utf-16le' };
  if (first === 0xfe && second === 0xff) return { length: 2, encoding: 'utf-16be' };
  if (first === 0xef && second === 0xbb && third === 0xbf) return { length: 3, encoding: 'ascii' };
  return known || !mayBecomeMark(bytes) ? { length: 0, encoding: undefined } : undefined;
}

/** Reads the encoding from a content type; a page without a byte order mark relies on it. */
export function encodingOfContentType(contentType: string): Encoding {
  const label = /;\s*charset\s*=\s*"?\s*(utf-16(?:le|be)?)\s*(?:[";]|$)/i.exec(contentType)?.[1];
  if (label === undefined) return 'ascii';
  // "utf-16" is a label of UTF-16LE in the Encoding standard.
  return label.toLowerCase() === 'utf-16be' ? 'utf-16be' : 'utf-16le';
}

/** Reads the whole code unit at `offset`, which must lie inside the bytes. */
export function unitAt(bytes: Buffer, offset: number, encoding: Encoding): number {
  if (encoding === 'ascii') return bytes[offset] ?? 0;
  return encoding === 'utf-16le' ? bytes.readUInt16LE(offset) : bytes.readUInt16BE(offset);
}

/** Encodes an ASCII text. */
export function encodeAscii(text: string, encoding: Encoding): Buffer {
  if (encoding === 'ascii') return Buffer.from(text, 'latin1');
  const bytes = Buffer.from(text, 'utf16le');
  return encoding === 'utf-16le' ? bytes : bytes.swap16();
}

function mayBecomeMark(bytes: Buffer): boolean {
  const [first, second] = bytes;
  if (bytes.length === 0) return true;
  if (bytes.length === 1) return first === 0xef || first === 0xfe || first === 0xff;
  return first === 0xef && second === 0xbb;
}
