import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import { HeadInsertion } from '../../plugins/html/head-insertion.ts';
import { NONCE_SEARCH_LIMIT } from '../../plugins/html/head-search.ts';
import { HeadInserter } from '../../plugins/html/insert-into-head.ts';
import { tag } from './golden-pages.ts';

const MEGABYTE = 2 ** 20;
const PIECE = 2 ** 16;
const SIZE = 50 * MEGABYTE;

function* pieces(start: string, filler: string, end: string, total = SIZE): Generator<Buffer> {
  yield Buffer.from(start);
  for (let size = 0; size < total; size += PIECE) yield Buffer.alloc(PIECE, filler);
  yield Buffer.from(end);
}

describe.each([
  ['50 MB of body', 50, '<!doctype html><head><title>x</title></head><body>', 'words ', '', 1],
  ['a comment of 4 MB before the head', 4, '<!doctype html><!--', ' -> -- ', '--><head></head>', 1],
  ['a comment of 4 MB that never ends', 4, '<!--', ' -> -- ', '', 0],
  ['an attribute of 4 MB before the head', 4, '<html a="', '>', '"><head></head>', 1],
  ['4 MB of white space before the head', 4, '<html>', ' \n', '<head></head>', 1],
  ['a declaration of 4 MB', 4, '<!', '-d', '><head></head>', 1],
  ['a tag with a name of 4 MB', 4, '<html><', 'head', '>', 1],
  ['4 MB of <', 4, '', '<', '', 1],
])('a page with %s', (_page, megabytes, start, filler, end, tags) => {
  it('is streamed with a few kilobytes held', () => {
    const insertion = new HeadInsertion(tag);
    let held = 0;
    let received = 0;
    let sent = 0;
    for (const piece of pieces(start, filler, end, megabytes * MEGABYTE)) {
      received += piece.length;
      for (const passed of insertion.push(piece)) sent += passed.length;
      held = Math.max(held, insertion.heldLength);
      if (received - sent > NONCE_SEARCH_LIMIT + PIECE) expect.fail('bytes are kept back');
    }
    for (const passed of insertion.end()) sent += passed.length;
    expect(held).toBeLessThanOrEqual(NONCE_SEARCH_LIMIT);
    expect(sent).toBe(received + tags * tag(undefined).length);
  });
});

describe('a page that is streamed', () => {
  it('flows out at the speed of its reader, long before it has ended', async () => {
    let produced = 0;
    const source = Readable.from(
      (function* () {
        for (const piece of pieces('<!doctype html><head></head>', 'abcdefg ', '')) {
          produced += piece.length;
          yield piece;
        }
      })(),
    );
    const inserter = new HeadInserter(tag);
    const done = pipeline(source, inserter, async (output: AsyncIterable<Buffer>) => {
      let received = 0;
      let ahead = 0;
      for await (const piece of output) {
        received += piece.length;
        ahead = Math.max(ahead, produced - received);
      }
      expect(received).toBe(produced + tag(undefined).length);
      expect(ahead).toBeLessThan(2 * MEGABYTE);
    });
    await done;
    expect(produced).toBeGreaterThan(SIZE);
  });

  it('goes on at once when it has no head to search for a nonce', () => {
    const insertion = new HeadInsertion(tag);
    const out = Buffer.concat(insertion.push(Buffer.from('<!doctype html><body>first words')));
    expect(out.toString()).toBe(`<!doctype html>${tag(undefined)}<body>first words`);
  });

  it.each([
    ['a paragraph', '<title>t</title><p>first paint'],
    ['text', '<title>t</title>first paint'],
    ['text alone', 'first paint'],
    ['text behind a template', '<template><p>no</p></template>first paint'],
    ['a tag with a long name', '<title>t</title><custom-element-of-ours>first paint'],
    ['a page of frames', '<title>t</title><frameset title="first paint">'],
    ['an end tag of the body', '<title>t</title></body>first paint'],
  ])('goes on at once when its head ends, without a tag, at %s', (_end, rest) => {
    const insertion = new HeadInsertion(tag);
    const out = Buffer.concat(insertion.push(Buffer.from(`<!doctype html>${rest}`)));
    expect(out.toString()).toBe(`<!doctype html>${tag(undefined)}${rest}`);
  });

  it('is held for a nonce until 16 KiB have passed', () => {
    const insertion = new HeadInsertion(tag);
    const first = insertion.push(Buffer.from(`<head>${' '.repeat(NONCE_SEARCH_LIMIT - 1)}`));
    expect(Buffer.concat(first).toString()).toBe('<head>');
    const second = Buffer.concat(insertion.push(Buffer.from('\n'))).toString();
    expect(second.startsWith(`${tag(undefined)}   `)).toBe(true);
    expect(second.endsWith(' \n')).toBe(true);
    expect(Buffer.concat(insertion.push(Buffer.from('<script nonce=late>'))).toString()).toBe(
      '<script nonce=late>',
    );
  });

  it('fails when the tag cannot be written', async () => {
    const inserter = new HeadInserter(() => {
      throw new Error('no tag today');
    });
    const done = pipeline(Readable.from(['<head></head>']), inserter.resume());
    await expect(done).rejects.toThrow('no tag today');
  });
});
