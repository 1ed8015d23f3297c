import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeadInsertion, type InsertOptions } from '../../plugins/html/head-insertion.ts';
import { insertIntoHead } from '../../plugins/html/insert-into-head.ts';

const MARK = '<script src="/unique-mark.js"></script>';
const TOKENS =
  `< > <! -- -> ! <!-- --> --!> <!---> <!doctype§html> <!DOC <html <html> <HEAD <head> <header> </head> </HEAD
  <body> <body </p> </ </> <?xml§?> <![CDATA[ " ' = / a §lang=x §x=">" <title> </title> <meta
  §http-equiv=content-security-policy §content="script-src§'nonce-abc'" <script> <script </script>
  §nonce=abc §nonce="d/e=" <style <link <frameset> <noscript> <template> </template> <base>`
    .split(/\s+/)
    .map((token) => token.replaceAll('§', ' '));

const soup = fc
  .array(
    fc.oneof(fc.constantFrom(...TOKENS, ' ', '\n', '\0', 'é', '☃'), fc.string({ maxLength: 4 })),
    {
      maxLength: 14,
    },
  )
  .map((tokens) => tokens.join(''));
const encodings: ((page: string) => Buffer)[] = [
  (page) => Buffer.from(page),
  (page) => Buffer.from(page, 'latin1'),
  (page) => Buffer.from(`\ufeff${page}`),
  (page) => Buffer.from(`\ufeff${page}`, 'utf16le'),
  (page) => Buffer.from(`\ufeff${page}`, 'utf16le').swap16(),
];
const page = fc.tuple(soup, fc.constantFrom(...encodings)).map(([text, encode]) => encode(text));
const options: fc.Arbitrary<InsertOptions> = fc.record(
  { documentsOnly: fc.boolean(), nonce: fc.constantFrom('abc', '">') },
  { requiredKeys: [] },
);
const runs = { numRuns: 3000 };

function inPieces(bytes: Buffer, lengths: readonly number[], settings: InsertOptions): Buffer {
  const insertion = new HeadInsertion(() => MARK, settings);
  const out: Buffer[] = [];
  let start = 0;
  for (const length of lengths) {
    out.push(...insertion.push(bytes.subarray(start, start + length)));
    start += length;
  }
  return Buffer.concat([...out, ...insertion.push(bytes.subarray(start)), ...insertion.end()]);
}

function withoutMark(bytes: Buffer): Buffer {
  for (const mark of [
    Buffer.from(MARK),
    Buffer.from(MARK, 'utf16le'),
    Buffer.from(MARK, 'utf16le').swap16(),
  ]) {
    const at = bytes.indexOf(mark);
    if (at >= 0) return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + mark.length)]);
  }
  return bytes;
}

describe('any page', () => {
  it('is itself again, byte for byte, when the tag is taken out', () => {
    fc.assert(
      fc.property(page, options, (bytes, settings) => {
        const injected = insertIntoHead(bytes, () => MARK, settings);
        expect(withoutMark(injected).equals(bytes)).toBe(true);
      }),
      runs,
    );
  });

  it('gets the same bytes in one piece and in many', () => {
    const lengths = fc.array(fc.nat({ max: 9 }), { maxLength: 60 });
    fc.assert(
      fc.property(page, lengths, options, (bytes, pieces, settings) => {
        const whole = insertIntoHead(bytes, () => MARK, settings);
        expect(inPieces(bytes, pieces, settings).equals(whole)).toBe(true);
      }),
      runs,
    );
  });

  it('never gets the tag before its doctype', () => {
    fc.assert(
      fc.property(soup, (rest) => {
        const prologue = '<!-- x --><?y?>\n<!doctype html>';
        const injected = insertIntoHead(Buffer.from(prologue + rest), () => MARK).toString();
        expect(injected.startsWith(prologue)).toBe(true);
      }),
      runs,
    );
  });

  it('can never give the tag a nonce that leaves its attribute', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('"', "'"), (value, quote) => {
        let given: string | undefined;
        const text = `<head><script nonce=${quote}${value}${quote}></script>`;
        insertIntoHead(Buffer.from(text), (nonce) => {
          given = nonce;
          return '';
        });
        expect(given ?? 'abc').toMatch(/^[\w+/=-]+$/);
      }),
      runs,
    );
  });
});
