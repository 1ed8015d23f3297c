import { type BigIntStats, constants } from 'node:fs';
import { isOpenAt, pathOf } from './descriptor.ts';
import { FileDescriptor } from './file-descriptor.ts';
import { codeOf, fileError } from './file-error.ts';
import { openStepwise } from './open-stepwise.ts';

/** A regular file, open: whoever has it closes it. */
export interface OpenFile {
  readonly descriptor: FileDescriptor;
  /** Of what was opened, not of what is at its path by now. */
  readonly stats: BigIntStats;
}

// Without O_NONBLOCK a FIFO that took the file's place would block a thread of the pool for ever.
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW | constants.O_NOCTTY;

const FORBIDDEN: readonly unknown[] = ['EACCES', 'EPERM'];
/** A link or a socket has taken the place of the file, or of a folder above, or nothing has. */
const MOVED: readonly unknown[] = ['ENOENT', 'ENOTDIR', 'ELOOP', 'EISDIR', 'ENXIO', 'ESTALE'];

/**
 * Opens a regular file that was found at a real path, and makes sure that it is what was found: a
 * link put there, or in place of a folder above, since then opens something else. Then it has
 * `moved`, and may be found again; what may not be read is `forbidden`.
 * @throws TooManyFilesError or UnreadableFileError
 */
export async function openFile(path: string): Promise<OpenFile | 'moved' | 'forbidden'> {
  try {
    const file = await regular(await FileDescriptor.open(path, FLAGS));
    if (file === undefined) return 'moved';
    const { fd } = file.descriptor;
    if (await isOpenAt(path, fd, file.stats)) return file;
    const isToldPath = pathOf(fd) !== undefined;
    await file.descriptor.close();
    // Moved, or lying on a disk whose paths the system tells otherwise.
    const again = isToldPath ? await regular(await openStepwise(path, FLAGS)) : undefined;
    return again ?? 'moved';
  } catch (error) {
    const code = codeOf(error);
    if (FORBIDDEN.includes(code)) return 'forbidden';
    if (MOVED.includes(code)) return 'moved';
    throw fileError(error);
  }
}

async function regular(descriptor: FileDescriptor): Promise<OpenFile | undefined> {
  try {
    const stats = await descriptor.stat();
    if (stats.isFile()) return { descriptor, stats };
  } catch (error) {
    await descriptor.close();
    throw error;
  }
  await descriptor.close();
  return;
}
