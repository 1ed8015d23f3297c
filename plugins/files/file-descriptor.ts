import * as fs from 'node:fs';
import { promisify } from 'node:util';
import { askDisk } from './quick-disk.ts';

const later = {
  open: promisify(fs.open),
  stat: promisify(fs.fstat),
  close: promisify(fs.close),
};

/** An open file, like a FileHandle, but asked on the spot where the disk is quick. */
export class FileDescriptor {
  readonly fd: number;
  readonly #reads = new Set<Promise<number>>();
  #closed: Promise<void> | undefined;

  private constructor(fd: number) {
    this.fd = fd;
  }

  /** Throws or rejects as `open` does; whoever has it closes it. */
  static async open(path: string, flags: number): Promise<FileDescriptor> {
    const fd = await askDisk(
      () => fs.openSync(path, flags),
      () => later.open(path, flags),
    );
    return new FileDescriptor(fd);
  }

  stat(): fs.BigIntStats | Promise<fs.BigIntStats> {
    return askDisk(
      () => fs.fstatSync(this.fd, { bigint: true }),
      () => later.stat(this.fd, { bigint: true }),
    );
  }

  /** Fills a buffer from a place in the file on, and tells how far: no further than its end. */
  read(buffer: Buffer, position: number): number | Promise<number> {
    // By now the number may be that of another file.
    if (this.#closed !== undefined) throw new Error('read from a file that is closed');
    return askDisk(
      () => fs.readSync(this.fd, buffer, 0, buffer.length, position),
      () => this.#readLater(buffer, position),
    );
  }

  /** Closes it, once, when nothing is read from it any more. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  #readLater(buffer: Buffer, position: number): Promise<number> {
    const read = new Promise<number>((resolve, reject) => {
      fs.read(this.fd, buffer, 0, buffer.length, position, (error, bytesRead) =>
        error ? reject(error) : resolve(bytesRead),
      );
    });
    this.#reads.add(read);
    const forget = () => void this.#reads.delete(read);
    read.then(forget, forget);
    return read;
  }

  async #close(): Promise<void> {
    if (this.#reads.size > 0) await Promise.allSettled(this.#reads);
    await askDisk(
      () => fs.closeSync(this.fd),
      () => later.close(this.fd),
    );
  }
}
