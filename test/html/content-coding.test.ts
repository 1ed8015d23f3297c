import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import {
  brotliCompressSync,
  constants,
  createGzip,
  deflateRawSync,
  deflateSync,
  gzipSync,
} from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodersOf } from '../../plugins/html/content-coding.ts';

const PAGE = Buffer.from(`<!doctype html>${'<p>some words é'.repeat(5000)}`);

async function decode(coding: string, chunks: Iterable<Buffer>): Promise<Buffer> {
  const out = new PassThrough();
  const read = buffer(out);
  const decoders = decodersOf(coding) ?? expect.fail(`${coding} is unknown`);
  await Promise.all([
    pipeline([Readable.from(chunks), ...decoders.map((make) => make()), out]),
    read,
  ]);
  return read;
}

function* bytes(body: Buffer): Generator<Buffer> {
  for (const byte of body.subarray(0, 300)) yield Buffer.of(byte);
  yield body.subarray(300);
}

const bodies: [string, Buffer][] = [
  ['gzip', gzipSync(PAGE)],
  ['x-gzip', gzipSync(PAGE)],
  ['GZIP', gzipSync(PAGE)],
  ['gzip', Buffer.concat([gzipSync(PAGE.subarray(0, 9)), gzipSync(PAGE.subarray(9))])],
  ['br', brotliCompressSync(PAGE)],
  ['deflate', deflateSync(PAGE)],
  ['deflate', deflateSync(PAGE, { level: 1 })],
  ['deflate', deflateRawSync(PAGE)],
  ['gzip, br', brotliCompressSync(gzipSync(PAGE))],
  ['deflate , identity,, deflate', deflateSync(deflateRawSync(PAGE))],
  ['identity', PAGE],
  ['', PAGE],
];

describe.each(bodies)('a body in %j', (coding, body) => {
  it('is decoded in one piece', async () => {
    expect((await decode(coding, [body])).equals(PAGE)).toBe(true);
  });

  it('is decoded byte by byte', async () => {
    expect((await decode(coding, bytes(body))).equals(PAGE)).toBe(true);
  });
});

describe.each(['gzip', 'br', 'deflate'])('a body in %s', (coding) => {
  const encode = { gzip: gzipSync, br: brotliCompressSync, deflate: deflateSync }[coding];
  const whole = encode?.(PAGE) ?? Buffer.alloc(0);

  it('that is empty is an empty page, as in browsers', async () => {
    expect(await decode(coding, [])).toHaveLength(0);
  });

  it('that ends too early is shown as far as it goes, as in browsers', async () => {
    const part = await decode(coding, [whole.subarray(0, whole.length - 20)]);
    expect(part.length).toBeLessThanOrEqual(PAGE.length);
    expect(part.equals(PAGE.subarray(0, part.length))).toBe(true);
  });

  it('that is none of it fails', async () => {
    await expect(decode(coding, [Buffer.from('\xff<!doctype html>')])).rejects.toThrow();
  });

  it('that is broken off fails with the reason', async () => {
    const broken = function* () {
      yield whole.subarray(0, 20);
      throw new Error('connection lost');
    };
    await expect(decode(coding, broken())).rejects.toThrow('connection lost');
  });
});

describe('codings', () => {
  it.each(['zstd', 'compress', 'x-own', 'gzip, x-own', 'x-own, gzip', 'aws-chunked', '__proto__'])(
    '%s is left to those who know it',
    (coding) => {
      expect(decodersOf(coding)).toBeUndefined();
    },
  );

  it('one over another are undone up to four', () => {
    expect(decodersOf('br, br, br, br')).toHaveLength(4);
    expect(decodersOf('br, br, br, br, br')).toBeUndefined();
  });

  it('are undone no faster than the result is read', async () => {
    const bomb = createGzip({ level: constants.Z_BEST_COMPRESSION });
    const zeros = Buffer.alloc(1024 * 1024);
    let taken = 0;
    Readable.from(
      (function* () {
        for (taken = 0; taken < 500; taken += 1) yield zeros;
      })(),
    ).pipe(bomb);
    const [decoder = expect.fail()] = decodersOf('gzip') ?? [];
    const out = bomb.pipe(decoder());
    await once(out, 'readable');
    // The source stands still while nobody reads: its bytes are counted, not the clock.
    await expect.poll(() => bomb.writableNeedDrain).toBe(true);
    expect(taken).toBeLessThan(500);
    expect(out.readableLength).toBeLessThan(1024 * 1024);
    out.destroy();
    bomb.destroy();
  });
});
