import { crc32 } from 'node:zlib';
import type { ContentCoding } from './content-coding.ts';
import { encodeFrame, encodeSlice } from './encode.ts';
import { deflate, GZIP_HEADER, gzipTrailer, storeBlocks } from './gzip.ts';
import { memoize } from './memoize.ts';
import { type Frame, isEntry } from './message.ts';

/** So many writes refer to one another; the next begins anew, so that others can join there. */
const GROUP_WRITES = 8;
const GROUP_BYTES = 16 * 1024;
/** To compress more in one event would hold up everybody for some milliseconds. */
const MAX_BYTES = 256 * 1024;

/** Bytes compressed for those who have just got what is before them in the same group. */
class Link {
  readonly before: Link | undefined;
  readonly bytes: Buffer;
  readonly #plain: Buffer;
  readonly #writes: number;
  readonly #size: number;

  constructor(plain: Buffer, before: Link | undefined) {
    this.before = before;
    this.#plain = plain;
    this.#writes = (before ? before.#writes : 0) + 1;
    this.#size = (before ? before.#size : 0) + plain.length;
    this.bytes = deflate(plain, before && Buffer.concat(before.#group()));
  }

  hasRoomFor(plain: Buffer): boolean {
    return this.#writes < GROUP_WRITES && this.#size + plain.length <= GROUP_BYTES;
  }

  #group(): Buffer[] {
    return [...(this.before ? this.before.#group() : []), this.#plain];
  }
}

/** As the first reader was given them, which keeps up as a rule. */
const links = new WeakMap<Buffer, Link>();

const alone = memoize((plain: Buffer) =>
  plain.length > MAX_BYTES ? storeBlocks(plain) : deflate(plain),
);

/**
 * The same for whoever has not got what is before them, or gets more at once, as after an absence: each
 * event by itself, so that it is compressed once wherever in the log a reader has begun.
 */
const eachAlone = memoize((slice: readonly Frame[]) => {
  const [first, ...others] = slice;
  if (first && others.length === 0) return alone(encodeFrame(first));
  return Buffer.concat(slice.map((frame) => alone(encodeFrame(frame))));
});

/**
 * Gzip whose blocks all readers share that are at the same place: bytes are compressed at most twice,
 * for those who have got the ones before and for those who have just come, who join with the next
 * group. Only what all may read is compressed: the length of what is for one reader would tell of it.
 */
export class SharedGzip implements ContentCoding {
  readonly name = 'gzip';
  readonly isNegotiated = true;
  #last: Link | undefined;
  #crc = 0;
  #size = 0;

  begin(bytes: Buffer): Buffer {
    return Buffer.concat([GZIP_HEADER, this.own(bytes)]);
  }

  own(bytes: Buffer): Buffer {
    this.#count(bytes);
    // What is between two writes of a group moves what the second one refers to.
    this.#last = undefined;
    return storeBlocks(bytes);
  }

  slice(slice: readonly Frame[]): Buffer {
    const bytes = encodeSlice(slice);
    if (!slice.every(isEntry)) return this.own(bytes);
    this.#count(bytes);
    const link = bytes.length > GROUP_BYTES ? undefined : this.#linkOf(bytes);
    const fits = link && (link.before === undefined || link.before === this.#last);
    this.#last = fits ? link : undefined;
    return fits ? link.bytes : eachAlone(slice);
  }

  end(): Buffer {
    return gzipTrailer(this.#crc, this.#size);
  }

  #linkOf(bytes: Buffer): Link {
    const known = links.get(bytes);
    if (known) return known;
    const link = new Link(bytes, this.#last?.hasRoomFor(bytes) ? this.#last : undefined);
    links.set(bytes, link);
    return link;
  }

  #count(bytes: Buffer): void {
    this.#crc = crc32(bytes, this.#crc);
    this.#size += bytes.length;
  }
}
