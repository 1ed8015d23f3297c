import { describe, expect, it } from 'vitest';
import { encodeFrame, sizeOf } from '../../plugins/events/encode.ts';
import type { Entry } from '../../plugins/events/message.ts';
import { PageSize } from '../../plugins/events/page-size.ts';
import { memoryStore } from '../../plugins/events/stores/memory.ts';
import { newChannel, recordingSink } from '../support/event-hub.ts';

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

  it('is judged by what was published, which is not encoded for that', async () => {
    const store = memoryStore();
    const reported: Entry[] = [];
    await store.follow((entry) => reported.push(entry));
    const channel = newChannel({ store });
    await channel.publish({ data: 'for nobody' });
    expect(reported.map((entry) => encodeFrame.known(entry))).toEqual([undefined]);
    expect(reported.map(sizeOf)).toEqual(['message'.length + 'for nobody'.length]);
    channel.subscribe(recordingSink());
    await channel.publish({ data: 'for one' });
    const encoded = () => reported.map((entry) => encodeFrame.known(entry)?.toString());
    await expect.poll(encoded).toEqual([undefined, expect.stringContaining('data: for one')]);
    expect(reported.map(sizeOf)[1]).toBe(encoded()[1]?.length);
  });

  it('holds few as soon as entries grow', () => {
    const size = new PageSize();
    for (let n = 0; n < 100; n += 1) size.add(100);
    size.add(1024 * 1024);
    expect(size.entries).toBe(16);
  });
});
