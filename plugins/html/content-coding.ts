import { Duplex, pipeline, Readable } from 'node:stream';
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
} from 'node:zlib';

type Decoder = () => Duplex;

/** More than one is rare; a body packed a hundred times over costs the server, not its author. */
const MOST_CODINGS = 4;
const ZLIB_HEADER_BYTES = 2;
// Browsers show what there is of a body that ends too early, and so do we.
const lenient = { finishFlush: constants.Z_SYNC_FLUSH };

/** "A recipient SHOULD consider "x-gzip" to be equivalent to "gzip"" (RFC 9110, 8.4.1.3). */
const DECODERS = new Map<string, Decoder>([
  ['gzip', () => createGunzip(lenient)],
  ['x-gzip', () => createGunzip(lenient)],
  ['br', () => createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH })],
  ['deflate', () => Duplex.from(inflateEither)],
]);

/**
 * Reads the value of a Content-Encoding header.
 *
 * @returns what makes the streams that decode the body, in this order; empty for a plain body,
 * undefined where one of the codings is not known here
 */
export function decodersOf(contentEncoding: string | undefined): readonly Decoder[] | undefined {
  if (contentEncoding === undefined) return [];
  const codings = codingsOf(contentEncoding);
  if (codings.length > MOST_CODINGS) return undefined;
  // "in the order in which they were applied": the last one comes off first.
  const decoders = codings.reverse().map((coding) => DECODERS.get(coding));
  const known = decoders.filter((decoder) => decoder !== undefined);
  return known.length === decoders.length ? known : undefined;
}

function codingsOf(contentEncoding: string): string[] {
  const codings = contentEncoding.split(',').map((coding) => coding.trim().toLowerCase());
  return codings.filter((coding) => coding !== '' && coding !== 'identity');
}

/** "Some non-conformant implementations send the "deflate" compressed data without the zlib wrapper." */
async function* inflateEither(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const chunks = source[Symbol.asyncIterator]();
  let start: Buffer = Buffer.alloc(0);
  while (start.length < ZLIB_HEADER_BYTES) {
    const { done, value } = await chunks.next();
    if (done) break;
    start = Buffer.concat([start, value]);
  }
  const inflater = hasZlibHeader(start) ? createInflate(lenient) : createInflateRaw(lenient);
  yield* pipeline(Readable.from(startingWith(start, chunks)), inflater, () => {});
}

async function* startingWith(
  start: Buffer,
  rest: AsyncIterator<Buffer>,
): AsyncGenerator<Buffer, void> {
  try {
    if (start.length > 0) yield start;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

/** RFC 1950, 2.2: method 8, and "when viewed as a 16-bit unsigned integer, a multiple of 31". */
function hasZlibHeader(bytes: Buffer): boolean {
  const [first = 0, second = 0] = bytes;
  return (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0;
}
