import type { IncomingHttpHeaders } from 'node:http';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRange } from '../../plugins/files/byte-range.ts';
import { type FileFacts, fileAnswer } from '../../plugins/files/file-answer.ts';

const modified = Date.UTC(2026, 10, 20, 12);
const facts = { size: 100n, mtimeMs: BigInt(modified) + 5n, ctimeNs: 255n };
const ETAG = 'W/"64-ff"';
const DATE = new Date(modified).toUTCString();
const LATER = new Date(modified + 5000).toUTCString();
const EARLIER = new Date(modified - 5000).toUTCString();
const now = modified + 60_000;
const ask = (headers: IncomingHttpHeaders, more: Partial<FileFacts> = {}, method = 'GET') =>
  fileAnswer({ method, headers }, { ...facts, ...more }, now);

describe('a request for a file', () => {
  it.each([
    [{}, 200],
    [{ 'if-none-match': ETAG }, 304],
    [{ 'if-none-match': '"64-ff"' }, 304],
    [{ 'if-none-match': `"a", ${ETAG}` }, 304],
    [{ 'if-none-match': '*' }, 304],
    [{ 'if-none-match': '"other"' }, 200],
    [{ 'if-none-match': '"other"', 'if-modified-since': LATER }, 200],
    [{ 'if-none-match': ETAG, 'cache-control': 'no-cache' }, 200],
    [{ 'if-modified-since': DATE }, 304],
    [{ 'if-modified-since': EARLIER }, 200],
    [{ 'if-modified-since': 'some day' }, 200],
    [{ 'if-match': '*' }, 200],
    [{ 'if-match': ETAG }, 412],
    [{ 'if-unmodified-since': DATE }, 200],
    [{ 'if-unmodified-since': EARLIER }, 412],
    [{ 'if-unmodified-since': 'some day' }, 200],
    [{ range: 'bytes=0-9' }, 206],
    [{ range: 'bytes=100-' }, 416],
    [{ range: 'bytes=0-9', 'if-range': DATE }, 206],
    [{ range: 'bytes=0-9', 'if-range': LATER }, 200],
    [{ range: 'bytes=0-9', 'if-range': ETAG }, 200],
    [{ range: 'bytes=0-9', 'if-none-match': ETAG }, 304],
  ])('%j is answered %d', (headers, status) => {
    expect(ask(headers).status).toBe(status);
  });

  it.each([
    [{ range: 'bytes=0-9' }, 200],
    [{ range: 'bytes=100-' }, 200],
    [{ range: 'bytes=0-9', 'if-range': DATE }, 200],
    [{ range: 'bytes=0-9', 'if-none-match': ETAG }, 304],
    [{ 'if-match': ETAG }, 412],
  ])('by HEAD ignores the range of %j: %d', (headers, status) => {
    const answer = ask(headers, {}, 'HEAD');
    expect([answer.status, answer.headers['content-range']]).toEqual([status, undefined]);
    if (status === 200) expect(answer.headers['content-length']).toBe('100');
  });

  it.each([
    { 'if-modified-since': '2040' },
    { 'if-modified-since': '2040-01-01T00:00:00Z' },
    { 'if-modified-since': `${LATER}, ${LATER}` },
    { 'if-modified-since': LATER.toLowerCase() },
    { 'if-modified-since': LATER.replace('GMT', '+0000') },
    { 'if-unmodified-since': '1' },
    { 'if-unmodified-since': '1990' },
    { 'if-unmodified-since': '1990-01-01' },
  ])('ignores a condition that is no HTTP-date: %j', (headers) => {
    expect(ask(headers).status).toBe(200);
  });

  it('takes no date for sure of a file that may change once more in that second', () => {
    const headers = { range: 'bytes=0-9', 'if-range': DATE };
    const at = (time: number) => fileAnswer({ method: 'GET', headers }, facts, time).status;
    expect([at(modified + 5), at(modified + 999), at(modified + 1000)]).toEqual([200, 200, 206]);
  });

  it('is told of no date later than now', () => {
    const today = new Date(now).toUTCString();
    for (const mtimeMs of [BigInt(now) + 1n, BigInt(now) + 10n ** 12n, 10n ** 17n]) {
      const { status, headers } = ask({ 'if-modified-since': LATER }, { mtimeMs });
      expect([status, headers['last-modified'], headers.date]).toEqual([200, today, today]);
      expect(ask({ range: 'bytes=0-9', 'if-range': today }, { mtimeMs }).status).toBe(200);
    }
    expect(ask({}).headers.date).toBeUndefined();
  });

  it('is told of no date where the disk has none', () => {
    for (const mtimeMs of [-(10n ** 17n), -(10n ** 14n)]) {
      for (const condition of [{}, { 'if-unmodified-since': EARLIER }]) {
        const { status, headers } = ask(condition, { mtimeMs });
        expect([status, headers['last-modified']]).toEqual([200, undefined]);
      }
      expect(ask({ 'if-modified-since': LATER }, { mtimeMs }).status).toBe(200);
    }
  });

  it('is answered whatever its headers say, with a length that is that of the part', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary-ascii' }),
      fc.constantFrom(
        DATE,
        ETAG,
        '*',
        '"',
        'W/',
        'bytes=',
        'bytes=1-2,3-4',
        'bytes=-',
        `"${'"'.repeat(999)}`,
      ),
      fc.tuple(fc.bigInt(), fc.bigInt()).map(([a, b]) => `bytes=${a}-${b}`),
    );
    const names = [
      'if-match',
      'if-none-match',
      'if-modified-since',
      'if-unmodified-since',
      'if-range',
    ];
    const headers = fc.dictionary(fc.constantFrom(...names, 'range', 'cache-control'), text);
    const size = fc.bigInt({ min: 0n, max: 2n ** 40n });
    fc.assert(
      fc.property(headers, size, (request, bytes) => {
        const { status, headers: answer, part } = ask(request, { size: bytes });
        // Not through expect, which would cost more than what it looks at.
        const isKnown = [200, 206, 304, 412, 416].includes(status);
        const isPart = part && 0 <= part.start && part.start <= part.end && part.end <= bytes;
        const isTold = part && answer['content-length'] === String(part.end - part.start);
        const isRight = part === undefined ? status > 206 : status <= 206 && isPart && isTold;
        if (!isKnown || !isRight) throw new Error(JSON.stringify({ status, answer, part }));
      }),
      { numRuns: 10_000 },
    );
  });
});

describe('a range', () => {
  it.each([
    ['bytes=0-0', { start: 0, end: 1 }],
    ['bytes=10-19', { start: 10, end: 20 }],
    ['bytes=95-', { start: 95, end: 100 }],
    ['bytes=95-999999999999999999999', { start: 95, end: 100 }],
    ['bytes=-10', { start: 90, end: 100 }],
    ['bytes=-1000', { start: 0, end: 100 }],
    [' BYTES=1-2 ', { start: 1, end: 3 }],
    ['bytes=1 -2', undefined],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=100-', 'unsatisfiable'],
    ['bytes=20-10', undefined],
    ['bytes=-', undefined],
    ['bytes=0-1,5-6', undefined],
    ['items=0-1', undefined],
    ['bytes=a-b', undefined],
    [undefined, undefined],
  ])('%s of 100 bytes is %j', (header, range) => expect(parseRange(header, 100)).toEqual(range));

  it('of nothing is all of it', () => {
    expect(parseRange('bytes=-5', 0)).toBeUndefined();
    expect(parseRange('bytes=0-', 0)).toBe('unsatisfiable');
  });
});
