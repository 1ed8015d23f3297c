import { closeSync, constants, openSync, readSync } from 'node:fs';

/** The first bytes of a file; none if it cannot be read: whoever sends it will say so. */
export function readBeginning(path: string, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  try {
    // Not blocking, even if a FIFO has taken the place of the file.
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return bytes.subarray(0, readSync(file, bytes, 0, length, 0));
    } finally {
      closeSync(file);
    }
  } catch {
    return bytes.subarray(0, 0);
  }
}
