import { describe, expect, it } from 'vitest';
import { isNews, type Mark, merge, noReason, pace, readMark } from '../../client/reload-guard.ts';

const version = { build: '5', cursor: 'a-1' };
const mark: Mark = { ...version, timestamp: 7, epoch: 'b', at: 0, streak: 0 };

describe('a page that came back from its reload', () => {
  it('is reloaded for anything when it is another version', () => {
    const other = { build: '7', cursor: 'a-2' };
    expect(isNews({ timestamp: 7, epoch: '' }, other, mark)).toBe(true);
    expect(isNews({ timestamp: 7, epoch: '' }, version, undefined)).toBe(true);
  });

  it('is not reloaded for what it was reloaded for when it is the same version', () => {
    expect(isNews({ timestamp: 7, epoch: '' }, version, mark)).toBe(false);
    expect(isNews({ timestamp: 6, epoch: '' }, version, mark)).toBe(false);
    expect(isNews({ timestamp: 0, epoch: 'b' }, version, mark)).toBe(false);
  });

  it('is reloaded for what came later even then', () => {
    expect(isNews({ timestamp: 8, epoch: '' }, version, mark)).toBe(true);
    expect(isNews({ timestamp: 0, epoch: 'c' }, version, mark)).toBe(true);
  });
});

describe('reasons', () => {
  it('are merged into the newest of each kind', () => {
    const merged = merge({ timestamp: 3, epoch: 'a' }, { timestamp: 2, epoch: '' });
    expect(merged).toEqual({ timestamp: 3, epoch: 'a' });
    expect(merge(merged, { timestamp: 0, epoch: 'b' })).toEqual({ timestamp: 3, epoch: 'b' });
    expect(merge(noReason, noReason)).toEqual(noReason);
  });
});

describe('a stored mark', () => {
  const storage = (value: string | null) => ({ getItem: () => value, setItem: () => {} });

  it('is read back', () => {
    expect(readMark(storage(JSON.stringify(mark)), 'key')).toEqual(mark);
  });

  it.each([null, '', 'null', '3', '{}', '[]', '{"build"', '"build"'])('is none: %j', (value) => {
    expect(readMark(storage(value), 'key')).toBeUndefined();
  });

  it('is none where storage is denied', () => {
    const denied = {
      getItem: () => {
        throw new Error('SecurityError');
      },
      setItem: () => {},
    };
    expect(readMark(denied, 'key')).toBeUndefined();
  });
});

describe('the pace of reloads', () => {
  it('is quick for a first change and gathers the rest of a burst', () => {
    expect(pace(0, 40)).toEqual({ quiet: 20, cap: 300 });
    expect(pace(1, 40)).toEqual({ quiet: 300, cap: 3000 });
  });

  it('gathers for longer where a page takes longer to load, up to a second', () => {
    expect(pace(1, 400).quiet).toBe(800);
    expect(pace(1, 5000).quiet).toBe(1000);
  });

  it('slows down pages that are changed by each of their own loads', () => {
    expect(pace(2, 40).quiet).toBe(600);
    expect(pace(4, 40).quiet).toBe(2400);
    expect(pace(100, 40)).toEqual({ quiet: 8000, cap: 8000 });
  });
});
