import { describe, expect, it } from 'vitest';
import { PageSize } from '../../plugins/events/page-size.ts';

function entriesAfter(count: number, bytes: number): number {
  const size = new PageSize();
  for (let n = 0; n < count; n += 1) size.add(bytes);
  return size.entries;
}

describe('a page', () => {
  it('holds 128 entries until one is known', () => {
    expect(entriesAfter(0, 0)).toBe(128);
  });

  it.each([
    [100, 1024],
    [1024, 256],
    [10_000, 27],
    [1024 * 1024, 16],
  ])('of entries of %i bytes holds %i', (bytes, entries) => {
    expect(entriesAfter(100, bytes)).toBe(entries);
  });

  it('holds few as soon as entries grow', () => {
    const size = new PageSize();
    for (let n = 0; n < 100; n += 1) size.add(100);
    size.add(1024 * 1024);
    expect(size.entries).toBe(16);
  });
});
