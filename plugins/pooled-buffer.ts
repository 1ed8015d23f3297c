import { markAsUntransferable } from 'node:worker_threads';

/**
 * Memory for many small buffers: of its own each costs more than to be filled. Whoever keeps one keeps
 * all that lies beside it, a slab at most, so what is kept for long has small ones. Node's own pool is for
 * anybody, 8 KiB and since Node 24 64.
 */
export class BufferPool {
  readonly #size: number;
  #slab: Buffer = Buffer.alloc(0);
  #used = 0;

  /** @param size bytes of a slab; what is larger than a quarter of it has memory of its own */
  constructor(size: number) {
    this.#size = size;
  }

  /** Like `Buffer.allocUnsafe()`. */
  take(size: number): Buffer {
    if (size > this.#size / 4) return shared(Buffer.allocUnsafeSlow(size));
    if (this.#used + size > this.#slab.length) {
      this.#slab = shared(Buffer.allocUnsafeSlow(this.#size));
      this.#used = 0;
    }
    this.#used += size;
    return this.#slab.subarray(this.#used - size, this.#used);
  }
}

/** As Node's pool is: whoever gave it to a worker would take it away from all others that read it. */
function shared(memory: Buffer): Buffer {
  markAsUntransferable(memory.buffer);
  return memory;
}

/** For pages, most of which are larger than what Node's pool takes. */
const pages = new BufferPool(64 * 1024);

/** For a body that is sent in one piece, which a slow reader holds on to. */
export function pooledBuffer(size: number): Buffer {
  return pages.take(size);
}
