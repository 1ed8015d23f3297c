import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { UnreadableFileError } from '../errors.ts';
import { toError } from '../to-error.ts';
import { fileError } from './file-error.ts';

const CHUNK_BYTES = 64 * 1024;

/** A part of an open file as the body of a response; closes the file in every end. */
export class FileBody extends Readable {
  readonly #file: FileHandle;
  readonly #end: number;
  #position: number;

  /**
   * @param start of the first byte
   * @param end behind the last byte: what the file has grown since it was looked at is not sent
   */
  constructor(file: FileHandle, start: number, end: number) {
    super({ highWaterMark: CHUNK_BYTES });
    this.#file = file;
    this.#position = start;
    this.#end = end;
  }

  override _read(): void {
    const length = Math.min(CHUNK_BYTES, this.#end - this.#position);
    if (length <= 0) return void this.push(null);
    this.#file.read(Buffer.allocUnsafe(length), 0, length, this.#position).then(
      ({ bytesRead, buffer }) => {
        // Its length is announced: the rest that never comes must not be waited for.
        if (bytesRead === 0) return this.destroy(new UnreadableFileError('cut while it was sent'));
        this.#position += bytesRead;
        this.push(buffer.subarray(0, bytesRead));
      },
      (error: unknown) => this.destroy(fileError(error)),
    );
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.#file.close().then(
      () => callback(error),
      (failure: unknown) => callback(error ?? toError(failure)),
    );
  }
}
