import { describe, expect, it } from 'vitest';
import {
  compare,
  type Fingerprint,
  fingerprintOf,
  isSameFile,
} from '../../plugins/files/fingerprint.ts';

const before: Fingerprint = {
  identity: '1:10:1000',
  size: 5n,
  mtimeNs: 1000n,
  ctimeNs: 1000n,
  mode: 0o644n,
  hash: 'a',
  racy: false,
};
const { hash: _, ...unread } = before;

describe('the difference of two states of a file', () => {
  it.each([
    ['none of a file that is in neither', undefined, undefined, undefined],
    ['create', undefined, before, 'create'],
    ['remove', before, undefined, 'remove'],
    ['none of equal states', before, { ...before }, undefined],
    ['none of other times', before, { ...before, mtimeNs: 2n, ctimeNs: 2n }, undefined],
    ['none of another inode with the same bytes', before, { ...before, identity: 'x' }, undefined],
    ['write of other bytes', before, { ...before, hash: 'b' }, 'write'],
    ['write of another size, hash or not', unread, { ...unread, size: 6n }, 'write'],
    ['write of other bytes and another mode', before, { ...before, hash: 'b', mode: 0n }, 'write'],
    ['chmod of another mode', before, { ...before, mode: 0o600n, ctimeNs: 2n }, 'chmod'],
    ['chmod of a file that can be read no more', before, { ...unread, mode: 0n }, 'chmod'],
    [
      'write where content is not known and the time differs',
      unread,
      { ...before, mtimeNs: 2n },
      'write',
    ],
    ['none where content becomes known', unread, before, undefined],
  ])('is %s', (_title, from, to, operation) => expect(compare(from, to)).toBe(operation));
});

describe('one file under two names', () => {
  it('has the same identity, size and time', () => {
    expect(isSameFile(before, { ...before, ctimeNs: 5n })).toBe(true);
  });

  it('is not a new file that was given the inode of a removed one', () => {
    expect(isSameFile(before, { ...before, identity: '1:10:2000' })).toBe(false);
    expect(isSameFile(before, { ...before, mtimeNs: 2000n })).toBe(false);
    expect(isSameFile(before, { ...before, size: 6n })).toBe(false);
  });
});

it('a state is racy while the clock of the file system may not have moved on', () => {
  const changedNs = 1_000_000_000n;
  const stamp = { ...unread, ctimeNs: changedNs };
  expect(fingerprintOf(stamp, changedNs + 1_000_000n).racy).toBe(true);
  expect(fingerprintOf(stamp, changedNs + 50_000_000n).racy).toBe(false);
  expect(fingerprintOf(stamp, changedNs - 5_000_000_000n).racy).toBe(true);
});
