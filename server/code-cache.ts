import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

// What stands in the place of the file may be a link, or a FIFO that would hold up whoever opens it.
const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
const FOR_OTHERS_TO_WRITE = 0o022;
/** Bytes of SHA-256. */
const DIGEST = 32;
/** Milliseconds. */
const MAX_AGE = 30 * 24 * 60 * 60 * 1000;

/** What a process has left of compiled code; undefined unless this user has written it, whole. */
export function readCode(path: string): Buffer | undefined {
  try {
    const file = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      const stats = fstatSync(file);
      // V8 runs what it is given: whoever can write it can run anything as this user.
      if (!stats.isFile() || !isOwn(stats)) return undefined;
      const content = readFileSync(file);
      const code = content.subarray(DIGEST);
      return digestOf(code).equals(content.subarray(0, DIGEST)) ? code : undefined;
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}

/** Keeps it for the next process; a home that cannot be written to goes without. */
export function writeCode(path: string, code: Buffer): void {
  const folder = dirname(path);
  const unfinished = `${path}.${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const stats = lstatSync(folder);
    if (!stats.isDirectory() || !isOwn(stats)) return;
    rmSync(unfinished, { force: true });
    try {
      // Nothing is written through a link, whoever has put it there.
      writeFileSync(unfinished, Buffer.concat([digestOf(code), code]), { mode: 0o600, flag: 'wx' });
      renameSync(unfinished, path);
    } catch (error) {
      rmSync(unfinished, { force: true });
      throw error;
    }
    for (const name of readdirSync(folder)) removeIfOld(join(folder, name));
  } catch {
    // Neither is anything that a user has asked for.
  }
}

/** Whether nobody but this user can have written what is there. */
function isOwn({ uid, mode }: Stats): boolean {
  if (process.geteuid !== undefined && uid !== process.geteuid()) return false;
  return process.platform === 'win32' || (mode & FOR_OTHERS_TO_WRITE) === 0;
}

function removeIfOld(path: string): void {
  const stats = lstatSync(path);
  if (stats.isFile() && Date.now() - stats.mtimeMs > MAX_AGE) rmSync(path);
}

/** SHA-256. */
export function digestOf(content: Buffer): Buffer {
  return createHash('sha256').update(content).digest();
}
