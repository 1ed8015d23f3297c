import { describe, expect, it } from 'vitest';
import { timesOf } from '../../plugins/tabs/pending-change.ts';

describe('the time of a save', () => {
  it.each([
    ['is as the file system recorded it', 10_000, 8_700, 8_700],
    ['is not known of what left none', 10_000, undefined, undefined],
    ['is not believed when it is in the future', 10_000, 10_001, undefined],
    ['is not believed when it is too long ago', 100_000, 39_000, undefined],
  ])('%s', (_, sentAt, recordedAt, savedAt) => {
    expect(timesOf(sentAt, recordedAt)).toEqual({ sentAt, savedAt });
  });
});
