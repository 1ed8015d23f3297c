import { createGunzip, gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acceptsGzip } from '../../plugins/events/content-coding.ts';
import { encodeChunk, encodeSlice } from '../../plugins/events/encode.ts';
import type { Entry, Frame } from '../../plugins/events/message.ts';
import { SharedGzip } from '../../plugins/events/shared-gzip.ts';

const HELLO = Buffer.from('retry: 1000\n');
const BEAT = Buffer.from(':\n');

const entryOf = (seq: number, data: string): Entry => ({
  channel: 'news',
  event: 'message',
  data,
  seq,
  id: `epoch-${seq}`,
});

/** Like what is sent again and again: mostly the same as before. */
const typical = (seq: number, size = 200) =>
  entryOf(seq, `{"price":${seq},"of":"${'ACME '.repeat(size / 5)}"}`);

/** One reader: what it was given, coded, and what that has to be. */
class Reader {
  readonly coded: Buffer[] = [];
  readonly plain: Buffer[] = [HELLO];
  readonly #coding = new SharedGzip();

  constructor() {
    this.coded.push(this.#coding.begin(HELLO));
  }

  take(slice: readonly Frame[]): Buffer {
    const bytes = this.#coding.slice(slice);
    this.coded.push(bytes);
    this.plain.push(encodeSlice(slice));
    return bytes;
  }

  takeOwn(bytes: Buffer): void {
    this.coded.push(this.#coding.own(bytes));
    this.plain.push(bytes);
  }

  end(): void {
    this.coded.push(this.#coding.end());
  }
}

describe('gzip that readers share', () => {
  it('can be read by everybody, whatever they got of it and when they came', () => {
    const step = fc.record({
      events: fc.array(fc.string({ maxLength: 300 }), { minLength: 1, maxLength: 3 }),
      joins: fc.boolean(),
      lacks: fc.nat(5),
      alone: fc.option(fc.nat(5)),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const readers = [new Reader()];
        let seq = 0;
        for (const { events, joins, lacks, alone } of steps) {
          const slice = events.map((data) => entryOf(++seq, data));
          // One may be behind, and one may get something of its own in between.
          for (const [index, reader] of readers.entries()) {
            if (index !== lacks) reader.take(slice);
            if (index === alone) reader.takeOwn(BEAT);
          }
          if (joins) readers.push(new Reader());
        }
        for (const reader of readers) {
          reader.end();
          expect(gunzipSync(Buffer.concat(reader.coded))).toEqual(Buffer.concat(reader.plain));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('is the same bytes for all who are at the same place, and coded at most twice', () => {
    const readers: Reader[] = [];
    for (let seq = 1; seq <= 100; seq += 1) {
      readers.push(new Reader());
      const slice = [typical(seq)];
      expect(new Set(readers.map((reader) => reader.take(slice))).size).toBeLessThanOrEqual(2);
    }
  });

  it('is shared by those who have come since with one of the next eight writes', () => {
    const [first, late] = [new Reader(), new Reader()];
    let seq = 0;
    const next = () => [typical(++seq)];
    for (let n = 0; n < 3; n += 1) first.take(next());
    const together = Array.from({ length: 8 }, next).map(
      (slice) => first.take(slice) === late.take(slice),
    );
    expect(together).toContain(true);
    const since = together.indexOf(true);
    expect(together.slice(since)).not.toContain(false);
  });

  it('is compressed once for all who come back, wherever in the log each goes on', () => {
    const log = Array.from({ length: 300 }, (_, index) => typical(index + 1, 500));
    const wanted = new Set<Buffer>();
    for (let from = 0; from < 200; from += 1) {
      const reader = new Reader();
      const coded = reader.take(log.slice(from));
      reader.end();
      const decoded = gunzipSync(Buffer.concat(reader.coded));
      expect(decoded.equals(Buffer.concat(reader.plain))).toBe(true);
      wanted.add(coded.subarray(-100));
    }
    const ends = [...wanted].map((bytes) => bytes.toString('hex'));
    expect(new Set(ends).size).toBe(1);
  });

  it('keeps little more memory than its bytes', () => {
    const bytes = new Reader().take([typical(1)]);
    for (const kept of [bytes, encodeChunk(bytes)]) {
      expect(kept.buffer.byteLength).toBeLessThanOrEqual(2048);
    }
  });

  it('is read event by event', async () => {
    const reader = new Reader();
    const gunzip = createGunzip();
    const seen: Buffer[] = [];
    gunzip.on('data', (bytes: Buffer) => seen.push(bytes));
    for (let seq = 0; seq < 20; seq += 1) {
      if (seq > 0) reader.take([typical(seq)]);
      const whole = Buffer.concat(reader.plain);
      gunzip.write(reader.coded.at(-1));
      await expect.poll(() => Buffer.concat(seen)).toEqual(whole);
    }
    gunzip.destroy();
  });

  it('is a third of what small events are, and less of large ones', () => {
    const shareOf = (size: number) => {
      const reader = new Reader();
      for (let seq = 1; seq <= 80; seq += 1) reader.take([typical(seq, size)]);
      return Buffer.concat(reader.coded).length / Buffer.concat(reader.plain).length;
    };
    expect(shareOf(100)).toBeLessThan(0.4);
    expect(shareOf(1000)).toBeLessThan(0.1);
  });

  it('leaves as it is what is for one reader alone, so that its length tells nothing', () => {
    const reader = new Reader();
    const secret = 'the same again, '.repeat(50);
    const coded = reader.take([{ event: 'message', data: secret }]);
    expect(coded.includes(secret)).toBe(true);
  });

  it('does not hold up everybody to compress what is very large', () => {
    const reader = new Reader();
    const large = typical(1, 1_000_000);
    expect(reader.take([large]).length).toBeGreaterThan(1_000_000);
    reader.take([typical(2)]);
    reader.end();
    const decoded = gunzipSync(Buffer.concat(reader.coded));
    expect(decoded.equals(Buffer.concat(reader.plain))).toBe(true);
  });
});

describe('who is sent it', () => {
  it.each([
    ['gzip', true],
    ['gzip, deflate, br', true],
    ['deflate , GZIP;q=0.5', true],
    ['x-gzip', true],
    ['*', true],
    ['br, *;q=0.1', true],
    ['gzip;q=0', false],
    ['gzip; q=0.000, *', false],
    ['*;q=0', false],
    ['br', false],
    ['identity', false],
    ['gzip;q=much', false],
    ['', false],
    [undefined, false],
  ])('an Accept-Encoding of %j: %j', (accepted, expected) => {
    expect(acceptsGzip(accepted)).toBe(expected);
  });
});
