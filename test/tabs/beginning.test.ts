import { describe, expect, it } from 'vitest';
import { beginningOf } from '../../plugins/tabs/pending-change.ts';

describe('the time from a save on', () => {
  it.each([
    ['begins with the save', 10_000, 8_700, 8_700],
    ['begins with the announcement of what left no time', 10_000, undefined, 10_000],
    ['does not begin in the future', 10_000, 10_001, 10_000],
    ['does not begin with a time that is not of this change', 100_000, 39_000, 100_000],
  ])('%s', (_, announcedAt, savedAt, began) => {
    expect(beginningOf(announcedAt, savedAt)).toBe(began);
  });
});
