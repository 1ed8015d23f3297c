import { MessageChannel } from 'node:worker_threads';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BufferPool, pooledBuffer } from '../plugins/pooled-buffer.ts';

describe('a buffer of the pool', () => {
  it('has the length that was asked for, and its bytes for itself', () => {
    const sizes = fc.oneof(fc.integer({ min: 0, max: 70_000 }), fc.constantFrom(0, 16_384, 16_385));
    const lists = fc.array(sizes, { minLength: 1, maxLength: 24 });
    fc.assert(
      fc.property(lists, (list) => {
        const buffers = list.map((size, index) => pooledBuffer(size).fill(index + 1));
        return buffers.every((buffer, index) => {
          const isOwn = buffer.every((byte) => byte === index + 1);
          return isOwn && buffer.length === list[index];
        });
      }),
      { numRuns: 100 },
    );
  });

  it('keeps no more memory alive than the largest body that is sent in one piece', () => {
    for (let size = 0; size <= 70_000; size += 500) {
      expect(pooledBuffer(size).buffer.byteLength).toBeLessThanOrEqual(Math.max(65_536, size));
    }
  });
});

describe('a pool of small slabs', () => {
  it('fills each to its end, and gives what is large memory of its own', () => {
    const pool = new BufferPool(2048);
    const four = Array.from({ length: 4 }, () => pool.take(512));
    expect(new Set(four.map(({ buffer }) => buffer)).size).toBe(1);
    expect(pool.take(1).buffer).not.toBe(four[0]?.buffer);
    expect(pool.take(513).buffer.byteLength).toBe(513);
    expect(pool.take(0)).toHaveLength(0);
  });

  it.each([
    ['small', 10, 2048],
    ['large', 3000, 3000],
  ])('cannot be given away with one of its buffers, %s as it is', (_, size, memory) => {
    const { buffer } = new BufferPool(2048).take(size);
    if (!(buffer instanceof ArrayBuffer)) throw new Error('no memory that could be given away');
    const { port1 } = new MessageChannel();
    onTestFinished(() => port1.close());
    // Node 20 passes over it, later ones throw.
    try {
      port1.postMessage(buffer, [buffer]);
    } catch (error) {
      expect(error).toMatchObject({ name: 'DataCloneError' });
    }
    expect(buffer.byteLength).toBe(memory);
  });
});
