import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, lstat, open } from 'node:fs/promises';
import { toError } from '../to-error.ts';
import { type Fingerprint, fingerprintOf, nowNs, sameStamp, stampOf } from './fingerprint.ts';
import { askDisk } from './quick-disk.ts';
import { readSmall } from './read-small.ts';

const CHUNK_BYTES = 256 * 1024;
const ATTEMPTS = 3;

/**
 * Reads the state of a regular file: undefined when there is none, without a hash when it may not
 * be read. A file that is written meanwhile is read again, a few times.
 */
export async function readFingerprint(
  path: string,
  signal: AbortSignal,
): Promise<Fingerprint | undefined> {
  const small = await askDisk(
    () => readSmall(path),
    async () => undefined,
  );
  if (small !== undefined) return small;
  let file: FileHandle | undefined;
  try {
    // Without O_NONBLOCK a FIFO that took the file's place would block the open for ever.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    return await readHandle(file, signal);
  } catch (error) {
    // Away for a moment, as a folder above it is: its content is still to be read.
    if (toError(error).message.startsWith('ENOENT')) return undefined;
    return await readStampOnly(path);
  } finally {
    await file?.close().catch(() => undefined);
  }
}

async function readHandle(file: FileHandle, signal: AbortSignal): Promise<Fingerprint | undefined> {
  let stats = await file.stat({ bigint: true });
  for (let attempt = 1; ; attempt++) {
    if (!stats.isFile()) return undefined;
    const readAtNs = nowNs();
    const hash = await hashHandle(file, Number(stats.size), signal);
    const later = await file.stat({ bigint: true });
    if (attempt === ATTEMPTS || sameStamp(stampOf(stats), stampOf(later))) {
      return fingerprintOf(stampOf(stats), readAtNs, hash);
    }
    stats = later;
  }
}

async function hashHandle(file: FileHandle, size: number, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha1');
  const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, size + 1));
  for (let position = 0; ; ) {
    signal.throwIfAborted();
    const { bytesRead } = await file.read(chunk, 0, chunk.length, position);
    if (bytesRead === 0) return hash.digest('base64');
    hash.update(chunk.subarray(0, bytesRead));
    position += bytesRead;
    // At the end that fstat told, or past it: then the file grows and is read anew.
    if (position > size || bytesRead < chunk.length) return hash.digest('base64');
  }
}

async function readStampOnly(path: string): Promise<Fingerprint | undefined> {
  try {
    const stats = await lstat(path, { bigint: true });
    return stats.isFile() ? fingerprintOf(stampOf(stats), nowNs()) : undefined;
  } catch {
    return undefined;
  }
}
