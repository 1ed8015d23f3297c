import { crc32 } from 'node:zlib';
import type { ContentCoding } from './content-coding.ts';
import { encodeSlice } from './encode.ts';
import { deflate, GZIP_HEADER, gzipTrailer, storeBlocks } from './gzip.ts';
import { memoize } from './memoize.ts';
import { type Frame, isEntry } from './message.ts';

/** So many writes refer to one another; the next begins anew, so that others can join there. */
const GROUP_WRITES = 8;
const GROUP_BYTES = 16 * 1024;
/** More would hold up everybody for as long as it takes to compress it: some milliseconds. */
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

/** Bytes compressed for whoever has not got what is before them. */
const alone = memoize((plain: Buffer) => deflate(plain));

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
    if (bytes.length > MAX_BYTES || !slice.every(isEntry)) return this.own(bytes);
    this.#count(bytes);
    const link = links.get(bytes) ?? this.#link(bytes);
    const fits = link.before === undefined || link.before === this.#last;
    this.#last = fits ? link : undefined;
    return fits ? link.bytes : alone(bytes);
  }

  end(): Buffer {
    return gzipTrailer(this.#crc, this.#size);
  }

  #link(bytes: Buffer): Link {
    const link = new Link(bytes, this.#last?.hasRoomFor(bytes) ? this.#last : undefined);
    links.set(bytes, link);
    return link;
  }

  #count(bytes: Buffer): void {
    this.#crc = crc32(bytes, this.#crc);
    this.#size += bytes.length;
  }
}
