import { describe, expect, it } from 'vitest';
import type { Entry } from '../../plugins/events/message.ts';
import { RecentEntries, takeSlice, takeSlices } from '../../plugins/events/recent-entries.ts';

function entries(count: number, bytes = 10): Entry[] {
  return Array.from({ length: count }, (_, index) => {
    const seq = index + 1;
    return { channel: 'a', seq, id: `e-${seq}`, event: 'message', data: 'x'.repeat(bytes) };
  });
}

describe('slices', () => {
  it('hold about 64 KiB, and one entry at least', () => {
    const slices = takeSlices(entries(10, 20_000));
    expect(slices.map(({ length }) => length)).toEqual([3, 3, 3, 1]);
    expect(takeSlices(entries(3, 100_000)).map(({ length }) => length)).toEqual([1, 1, 1]);
    expect(takeSlices([])).toEqual([]);
  });

  it('are all of the entries, in order, however many', () => {
    const all = entries(50_000, 3000);
    const slices = takeSlices(all);
    expect(slices.length).toBeGreaterThan(2000);
    expect(slices.flat()).toEqual(all);
  });

  it('of what fits are the same array', () => {
    const few = entries(3);
    expect(takeSlice(few)).toBe(few);
  });
});

describe('recent entries', () => {
  it('know what they do not hold any more', () => {
    const recent = new RecentEntries(0);
    for (const entry of entries(300)) recent.push(entry);
    expect(recent.after(43)).toBeUndefined();
    expect(recent.after(44)?.[0]?.seq).toBe(45);
    expect(recent.after(299)?.map(({ seq }) => seq)).toEqual([300]);
    expect(recent.after(300)).toBeUndefined();
  });

  it('are fewer where they are large, and one at least', () => {
    const recent = new RecentEntries(0);
    for (const entry of entries(40, 1024 * 1024)) recent.push(entry);
    expect(recent.after(24)).toBeUndefined();
    expect(recent.after(25)?.[0]?.seq).toBe(26);
    const [large = expect.fail()] = entries(1, 17 * 1024 * 1024);
    recent.push({ ...large, seq: 41 });
    expect(recent.after(39)).toBeUndefined();
    expect(recent.after(40)?.map(({ seq }) => seq)).toEqual([41]);
  });

  it('give the same array to all at one place', () => {
    const recent = new RecentEntries(0);
    for (const entry of entries(5)) recent.push(entry);
    expect(recent.after(2)).toBe(recent.after(2));
  });
});
