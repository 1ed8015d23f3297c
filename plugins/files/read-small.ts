import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { type Fingerprint, fingerprintOf, nowNs, sameStamp, stampOf } from './fingerprint.ts';
import { hashOf } from './hash.ts';

const content = Buffer.allocUnsafeSlow(64 * 1024);

/** Reads the state of a small file on the spot; undefined when that cannot be done at one go. */
export function readSmall(path: string): Fingerprint | undefined {
  let file: number | undefined;
  try {
    // Without O_NONBLOCK a FIFO that took the file's place would block for ever.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = fstatSync(file, { bigint: true });
    if (!stats.isFile() || stats.size >= content.length) return undefined;
    const readAtNs = nowNs();
    const bytesRead = readSync(file, content, 0, content.length, 0);
    const stamp = stampOf(stats);
    const isWhole = bytesRead === Number(stats.size);
    if (!isWhole || !sameStamp(stamp, stampOf(fstatSync(file, { bigint: true })))) return undefined;
    return fingerprintOf(stamp, readAtNs, hashOf(content.subarray(0, bytesRead)));
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
