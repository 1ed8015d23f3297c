import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { isOpenAt } from './descriptor.ts';

/** A regular file, open: whoever has it closes it. */
export interface OpenFile {
  readonly handle: FileHandle;
  /** Of what was opened, not of what is at its path by now. */
  readonly stats: BigIntStats;
}

// Without O_NONBLOCK a FIFO that took the file's place would block a thread of the pool for ever.
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW | constants.O_NOCTTY;

const EXHAUSTED: readonly unknown[] = ['EMFILE', 'ENFILE'];

/** Whether an error says that too many files are open: soon they are not. */
export function isExhausted(error: unknown): boolean {
  return error instanceof Error && 'code' in error && EXHAUSTED.includes(error.code);
}

/**
 * Opens a regular file that was found at a real path, and makes sure that it is what was found: a
 * link put there, or in place of a folder above, since then opens something else. Undefined then,
 * and for what may not be read. Rejects only where too many files are open.
 */
export async function openFile(path: string): Promise<OpenFile | undefined> {
  const handle = await open(path, FLAGS).catch((error) => {
    if (isExhausted(error)) throw error;
  });
  if (!handle) return;
  const stats = await handle.stat({ bigint: true }).catch(() => undefined);
  if (stats?.isFile() && (await isOpenAt(path, handle.fd, stats))) return { handle, stats };
  await handle.close();
  return;
}
