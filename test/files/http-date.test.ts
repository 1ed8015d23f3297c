import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { httpDate, parseHttpDate } from '../../plugins/files/http-date.ts';

const TIME = Date.UTC(1994, 10, 6, 8, 49, 37);
const now = Date.UTC(2026, 10, 20);

describe('an HTTP-date', () => {
  it.each([
    ['Sun, 06 Nov 1994 08:49:37 GMT', TIME],
    ['Sunday, 06-Nov-94 08:49:37 GMT', TIME],
    ['Sun Nov  6 08:49:37 1994', TIME],
    [' Sun, 06 Nov 1994 08:49:37 GMT ', TIME],
    ['Thu, 31 Dec 1998 23:59:60 GMT', Date.UTC(1998, 11, 31, 23, 59, 59)],
    ['Thu, 29 Feb 2024 00:00:00 GMT', Date.UTC(2024, 1, 29)],
    ['Friday, 01-Jan-76 00:00:00 GMT', Date.UTC(2076, 0, 1)],
    ['Saturday, 01-Jan-77 00:00:00 GMT', Date.UTC(1977, 0, 1)],
    ['Friday, 20-Nov-26 00:00:00 GMT', now],
  ])('%s is read', (text, time) => expect(parseHttpDate(text, now)).toBe(time));

  it.each([
    ...['', '1', '2040', 'now', '2026-11-20', '2026-11-20T00:00:00Z', '784111777'],
    ...['Sun, 6 Nov 1994 08:49:37 GMT', 'Sun, 06 Nov 94 08:49:37 GMT'],
    ...['sun, 06 nov 1994 08:49:37 gmt', 'Sun, 06 Nov 1994 08:49:37 UTC'],
    ...['Sun, 06 Nov 1994 08:49:37', 'Sun, 06 Nov 1994 08:49:37 +0000', '06 Nov 1994 08:49:37 GMT'],
    ...['Sun, 06 Nov 1994 24:00:00 GMT', 'Sun, 06 Nov 1994 08:60:00 GMT'],
    ...['Thu, 30 Feb 2023 00:00:00 GMT', 'Thu, 00 Nov 1994 00:00:00 GMT'],
    ...['Sunday, 30-Feb-94 08:49:37 GMT', 'Sun, 06-Nov-94 08:49:37 GMT', 'Sun Nov 6 08:49:37 1994'],
    'Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT',
  ])('%j is none', (text) => expect(parseHttpDate(text, now)).toBeUndefined());

  it('is written as it is read, for any second of the calendar', () => {
    const [first, last] = [Date.UTC(0, 0, 1) - 1900 * 366 * 864e5, Date.UTC(9999, 11, 31)];
    const second = fc.integer({ min: Math.ceil(first / 1000), max: Math.floor(last / 1000) });
    fc.assert(
      fc.property(second, (seconds) => {
        const text = httpDate(seconds * 1000);
        if (text === undefined) return new Date(seconds * 1000).getUTCFullYear() < 0;
        return parseHttpDate(text) === seconds * 1000;
      }),
      { numRuns: 10_000 },
    );
  });

  it('is written alike each time, however many others were', () => {
    const times = Array.from({ length: 600 }, (_, index) => Date.UTC(2026, 10, 20) + index * 1001);
    const written = [...times, ...times.toReversed()].map(httpDate);
    const dates = times.map((time) => new Date(time).toUTCString());
    expect(written).toEqual([...dates, ...dates.toReversed()]);
  });

  it('cannot name a time that no calendar of four digits has', () => {
    for (const time of [Number.NaN, 1e17, Date.UTC(10_000, 0), -1e14]) {
      expect(httpDate(time)).toBeUndefined();
    }
  });

  it('is anything: no text makes it throw', () => {
    const pieces = fc.constantFrom(
      'Sun',
      ', ',
      ' ',
      '06',
      '-',
      'Nov',
      '1994',
      '94',
      ':',
      'GMT',
      '\0',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(pieces).map((all) => all.join('')),
        ),
        (text) => {
          const time = parseHttpDate(text, now);
          return time === undefined || Number.isSafeInteger(time);
        },
      ),
      { numRuns: 10_000 },
    );
  });
});
