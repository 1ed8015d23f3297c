import { Readable } from 'node:stream';
import { UnreadableFileError } from '../errors.ts';
import { pooledBuffer } from '../pooled-buffer.ts';
import { toError } from '../to-error.ts';
import type { ByteRange } from './byte-range.ts';
import type { FileDescriptor } from './file-descriptor.ts';
import { fileError } from './file-error.ts';

const CHUNK_BYTES = 64 * 1024;

/**
 * Reads a part of an open file at one go; undefined for one that is too large for it.
 *
 * @throws UnreadableFileError
 */
export async function readSmallPart(
  file: FileDescriptor,
  { start, end }: ByteRange,
): Promise<Buffer | undefined> {
  if (end - start > CHUNK_BYTES) return;
  const bytes = pooledBuffer(end - start);
  for (let length = 0; length < bytes.length; ) {
    length += await readOn(file, bytes.subarray(length), start + length);
  }
  return bytes;
}

/**
 * A part of an open file as the body of a response, which closes the file in every end. What the file
 * has grown since it was looked at is not sent.
 */
export class FileBody extends Readable {
  readonly #file: FileDescriptor;
  readonly #end: number;
  #position: number;

  constructor(file: FileDescriptor, { start, end }: ByteRange) {
    super({ highWaterMark: CHUNK_BYTES });
    this.#file = file;
    this.#position = start;
    this.#end = end;
  }

  override _read(): void {
    const length = Math.min(CHUNK_BYTES, this.#end - this.#position);
    if (length <= 0) return void this.push(null);
    const bytes = Buffer.allocUnsafe(length);
    readOn(this.#file, bytes, this.#position).then(
      (bytesRead) => {
        this.#position += bytesRead;
        this.push(bytes.subarray(0, bytesRead));
      },
      (error: Error) => this.destroy(error),
    );
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.#file.close().then(
      () => callback(error),
      (failure: unknown) => callback(error ?? toError(failure)),
    );
  }
}

async function readOn(file: FileDescriptor, bytes: Buffer, position: number): Promise<number> {
  let bytesRead: number;
  try {
    bytesRead = await file.read(bytes, position);
  } catch (error) {
    throw fileError(error);
  }
  // Its length is announced, or has been: the rest that never comes must not be waited for.
  if (bytesRead === 0) throw new UnreadableFileError('cut while it was sent');
  return bytesRead;
}
