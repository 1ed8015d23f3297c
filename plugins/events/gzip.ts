import { constants, deflateRawSync } from 'node:zlib';
import { keepBytes } from './encode.ts';
import { memoize } from './memoize.ts';

/** How a gzip file begins: deflate, nothing else said of it, of an unknown system (RFC 1952, 2.3). */
export const GZIP_HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);

/** A last block, without content (RFC 1951, 3.2.6). */
const LAST_BLOCK = [0x03, 0x00];
const MAX_STORED = 0xffff;

/** How a gzip file ends: with the checksum and the number of all bytes that were compressed. */
export function gzipTrailer(crc32: number, size: number): Buffer {
  const trailer = Buffer.from([...LAST_BLOCK, 0, 0, 0, 0, 0, 0, 0, 0]);
  trailer.writeUInt32LE(crc32, 2);
  trailer.writeUInt32LE(size % 2 ** 32, 6);
  return trailer;
}

/**
 * Compresses bytes to whole blocks, which can be decoded as soon as they are there, and behind which
 * any other block may follow. `window`: what they may refer to, which has to be the last that whoever
 * decodes them has seen.
 */
export function deflate(bytes: Buffer, window?: Buffer): Buffer {
  const dictionary = window && { dictionary: window };
  const options = { finishFlush: constants.Z_SYNC_FLUSH, ...dictionary };
  // What zlib returns is a part of 16 KiB, which would be kept with it.
  return keepBytes(deflateRawSync(bytes, options));
}

/** Bytes as they are, in blocks; the same Buffer for the same bytes. */
export const storeBlocks = memoize((bytes: Buffer): Buffer => {
  const blocks: Buffer[] = [];
  for (let start = 0; start < bytes.length; start += MAX_STORED) {
    const part = bytes.subarray(start, start + MAX_STORED);
    // "LEN is the number of data bytes in the block. NLEN is the one's complement of LEN."
    const head = Buffer.alloc(5);
    head.writeUInt16LE(part.length, 1);
    head.writeUInt16LE(part.length ^ MAX_STORED, 3);
    blocks.push(head, part);
  }
  return Buffer.concat(blocks);
});
