import { describe, expect, it } from 'vitest';
import {
  changeText,
  durationText,
  outcomeText,
  tabCount,
  uptimeText,
} from '../../client/status-text.ts';

const acts = (swap: number, reload: number, none: number) => ({ swap, reload, none });

describe('the status page says', () => {
  it.each([
    ['…', undefined],
    ['no tab open', { tabs: 0, acts: acts(0, 0, 0) }],
    ['1 tab: 1 swapped', { tabs: 1, acts: acts(1, 0, 0) }],
    ['4 tabs: 1 swapped, 2 reloaded, 1 unaffected', { tabs: 4, acts: acts(1, 2, 1) }],
    ['3 tabs: 1 reloaded, 2 without an answer', { tabs: 3, acts: acts(0, 1, 0) }],
  ])('%s', (text, outcome) => {
    expect(outcomeText(outcome)).toBe(text);
  });

  it('which file has changed, as its author knows it', () => {
    const timestamp = 1;
    expect(changeText({ timestamp, operation: 'write', path: '/a%20b/%C3%BC.css' })).toBe(
      'write /a b/ü.css',
    );
    expect(changeText({ timestamp, operation: 'rename', path: '/b', from: '/a' })).toBe(
      'rename /a → /b',
    );
    expect(changeText({ timestamp, operation: 'write', path: '/%E4' })).toBe('write /%E4');
  });

  it('how long something took', () => {
    expect([undefined, 0, 999, 1000, 2345].map(durationText)).toEqual([
      ...['', '0 ms', '999 ms', '1.0 s', '2.3 s'],
    ]);
    expect([0, 59, 60, 3599, 3600, 7265].map(uptimeText)).toEqual([
      ...['0 s', '59 s', '1 min', '59 min', '1 h 0 min', '2 h 1 min'],
    ]);
    expect([0, 1, 2].map(tabCount)).toEqual(['0 tabs', '1 tab', '2 tabs']);
  });
});
