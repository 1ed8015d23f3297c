import { describe, expect, it } from 'vitest';
import { isTemporary, waitAfter } from '../../plugins/webhook/retry.ts';

const NOW = Date.parse('2026-11-21T00:00:00Z');

describe('another attempt', () => {
  it('comes after 1, 2 and 3 seconds and a little more', () => {
    for (const attempt of [1, 2, 3]) {
      const wait = waitAfter(attempt, undefined, NOW);
      expect(wait).toBeGreaterThanOrEqual(attempt * 1000);
      expect(wait).toBeLessThan(attempt * 1000 + 500);
    }
  });

  it.each([
    ['0', 0],
    ['7', 7000],
    ['Sat, 21 Nov 2026 00:00:05 GMT', 5000],
    ['Sat, 21 Nov 2020 00:00:00 GMT', 0],
    ['86400', 60_000],
    ['Sat, 21 Nov 2099 00:00:00 GMT', 60_000],
  ])('comes when the server says %j', (retryAfter, wait) => {
    expect(waitAfter(1, retryAfter, NOW)).toBe(wait);
  });

  it.each(['', 'soon', '-1x', '1e999'])('comes as usual when the server says %j', (retryAfter) => {
    expect(waitAfter(1, retryAfter, NOW)).toBeGreaterThanOrEqual(1000);
  });

  it('is worth it for what may pass', () => {
    expect([408, 429, 500, 502, 503, 504].every(isTemporary)).toBe(true);
    expect([301, 400, 401, 404, 410, 413].some(isTemporary)).toBe(false);
  });
});
