import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoff } from '../../client/events/backoff.ts';

const failures = fc.nat({ max: 10_000 });
const status = fc.option(fc.integer({ min: 100, max: 599 }), { nil: undefined });

describe('the wait before the next attempt', () => {
  it('is never shorter than the server asked for, nor than 100 ms', () => {
    fc.assert(
      fc.property(failures, fc.nat({ max: 2 ** 31 - 1 }), status, (count, retry, code) => {
        expect(backoff(count, retry, code)).toBeGreaterThanOrEqual(Math.max(100, retry));
      }),
    );
  });

  it('is something that a timer can wait for', () => {
    fc.assert(
      fc.property(failures, fc.integer({ min: 0 }), status, (count, retry, code) => {
        expect(backoff(count, Math.min(retry, 2 ** 31 - 1), code)).toBeLessThan(2 ** 31);
      }),
    );
    expect(backoff(0, Number.MAX_SAFE_INTEGER)).toBe(2 ** 31 - 1);
  });

  it('grows to half a minute, and half as long again at most', () => {
    const waits = Array.from({ length: 12 }, (_, count) => backoff(count, 1000));
    expect(waits[0]).toBeLessThan(1501);
    expect(waits[4]).toBeGreaterThanOrEqual(16_000);
    for (const wait of waits) expect(wait).toBeLessThanOrEqual(45_000);
    expect(waits.at(-1)).toBeGreaterThanOrEqual(30_000);
  });

  it('differs from client to client', () => {
    const waits = new Set(Array.from({ length: 100 }, () => Math.round(backoff(0, 1000) / 50)));
    expect(waits.size).toBeGreaterThan(5);
  });

  it.each([400, 401, 403, 404, 410])('is long from the start after a %d', (code) => {
    expect(backoff(0, 1000, code)).toBeGreaterThanOrEqual(8000);
  });

  it.each([undefined, 200, 204, 408, 425, 429, 500, 503])('is not after %s', (code) => {
    expect(backoff(0, 1000, code)).toBeLessThanOrEqual(1500);
  });
});
