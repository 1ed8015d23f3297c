import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';

/** What is in a small file, or nothing where there is none that can be read. */
export function contentOf(path: string): Buffer | undefined {
  try {
    // Not blocking, even if it is a FIFO.
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return fstatSync(file).isFile() ? readFileSync(file) : undefined;
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}
