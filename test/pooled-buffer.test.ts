import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pooledBuffer } from '../plugins/pooled-buffer.ts';

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
