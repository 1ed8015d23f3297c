import { memoize } from './memoize.ts';

/** As much as Node 20 lets wait for a client of HTTP/2. */
const PIECE = 16 * 1024;

/** Of what is larger each piece that has been taken shows that the client takes some. No character is cut. */
export function piecesOf(bytes: Buffer): readonly Buffer[] {
  return bytes.length > PIECE ? cut(bytes) : [bytes];
}

const cut = memoize((bytes: Buffer): readonly Buffer[] => {
  const pieces: Buffer[] = [];
  let start = 0;
  while (bytes.length - start > PIECE) {
    const end = characterAt(bytes, start + PIECE);
    pieces.push(bytes.subarray(start, end));
    start = end;
  }
  pieces.push(bytes.subarray(start));
  return pieces;
});

/** Where the character begins that has a byte at `place`. Bytes that are no text are cut anywhere. */
function characterAt(bytes: Buffer, place: number): number {
  for (let start = place; start > place - 4; start -= 1) {
    if (!isContinuation(bytes[start])) return start;
  }
  return place;
}

/** Of a character of UTF-8, all bytes but the first. */
function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0b1100_0000) === 0b1000_0000;
}
