import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type Mark, parseMark } from './start.ts';

const NAME = 'mark.json';

/** Resolves to undefined where there is none; rejects if there is one that cannot be read. */
export async function readMark(directory: string): Promise<Mark | undefined> {
  const text = await readFile(join(directory, NAME), 'utf8').catch(absent);
  if (text === undefined) return undefined;
  const mark = parseMark(text);
  if (mark) return mark;
  throw new Error(`${NAME} is damaged`);
}

/** Is on disk, whole, when it resolves. */
export async function writeMark(directory: string, mark: Mark): Promise<void> {
  const path = join(directory, NAME);
  const file = await open(`${path}.new`, 'w');
  try {
    await file.writeFile(JSON.stringify(mark));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
  await flush(directory);
}

/** Brings a file to disk, or the names in a directory. Nothing there: nothing to do. */
export async function flush(path: string): Promise<void> {
  const file = await open(path, 'r').catch(absent);
  try {
    await file?.sync();
  } catch (error) {
    // Windows opens no directory for that, and needs it not.
    if (process.platform !== 'win32') throw error;
  } finally {
    await file?.close();
  }
}

/** Linux alone tells; elsewhere every start of the machine is like another one. */
export async function readBootId(): Promise<string | undefined> {
  const text = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => undefined);
  return text?.trim() || undefined;
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}
