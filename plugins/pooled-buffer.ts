/** No more than the largest body that is sent in one piece: a slow reader holds on to all of it. */
const SLAB = 64 * 1024;
const LARGEST = SLAB / 4;

let slab: Buffer = Buffer.allocUnsafeSlow(SLAB);
let used = 0;

/**
 * Like `Buffer.allocUnsafe()`, whose pool is for up to 4 KiB, while most pages are larger: memory of
 * its own costs each of them more than to be read, and the collector even more.
 */
export function pooledBuffer(size: number): Buffer {
  if (size > LARGEST) return Buffer.allocUnsafe(size);
  if (used + size > slab.length) {
    slab = Buffer.allocUnsafeSlow(SLAB);
    used = 0;
  }
  used += size;
  return slab.subarray(used - size, used);
}
