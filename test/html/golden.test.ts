import { describe, expect, it } from 'vitest';
import { HeadInsertion } from '../../plugins/html/head-insertion.ts';
import { insertIntoHead } from '../../plugins/html/insert-into-head.ts';
import { goldenPages, tag } from './golden-pages.ts';

function inPieces(page: Buffer, ends: Iterable<number>): Buffer {
  const insertion = new HeadInsertion(tag);
  const out: Buffer[] = [];
  let start = 0;
  for (const end of ends) {
    out.push(...insertion.push(page.subarray(start, end)));
    start = end;
  }
  return Buffer.concat([...out, ...insertion.push(page.subarray(start)), ...insertion.end()]);
}

describe.each(goldenPages)('the page $name', ({ page, expected }) => {
  it('gets the tag at the right place and no other byte changes', () => {
    expect(insertIntoHead(page, tag).toString('latin1')).toBe(expected.toString('latin1'));
  });

  it('gets the same bytes wherever the stream is cut in two', () => {
    const cuts = Math.min(page.length, 1500);
    for (let cut = 0; cut <= cuts; cut += 1) {
      const split = inPieces(page, [cut]);
      if (!split.equals(expected)) expect.fail(`cut at ${cut}: ${split.toString('latin1')}`);
    }
  });

  it('gets the same bytes when it arrives byte by byte', () => {
    expect(inPieces(page, page.keys()).equals(expected)).toBe(true);
  });
});

describe('the golden pages', () => {
  it('cover the odd pages that people have', () => {
    expect(goldenPages.length).toBeGreaterThan(40);
  });
});
