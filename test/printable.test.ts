import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable, printablePath, quoted, visible, visibleJson } from '../plugins/printable.ts';

/** What no terminal and no page is to get of a text from outside. */
const OBEYED = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u;
const any = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 500 }),
  fc
    .array(fc.constantFrom('\u001b[2J', '\u009b', '\u202e', '\u200b', '"', '\\', '\ud83c', 'é🎉'), {
      maxLength: 300,
    })
    .map((parts) => parts.join('')),
);

describe('Q3: a text from outside', () => {
  it.each([
    ['a b', 'a b'],
    ['日本 é 🎉', '日本 é 🎉'],
    ['\u001b[31m\u001b]0;x\u0007', '\\u{1b}[31m\\u{1b}]0;x\\u{7}'],
    ['\u009b2J\u007f', '\\u{9b}2J\\u{7f}'],
    ['a\u202egnp.exe', 'a\\u{202e}gnp.exe'],
    ['\u2066\u2069\u200f', '\\u{2066}\\u{2069}\\u{200f}'],
    ['a\u200bb\ufeffc', 'a\\u{200b}b\\u{feff}c'],
    ['a\u0000\r\n\t\u0085\u2028', 'a\\u{0}\\u{d}\\u{a}\\u{9}\\u{85}\\u{2028}'],
    ['a\u00a0b\u3000c', 'a\\u{a0}b\\u{3000}c'],
    ['a\u3164\u{e0041}', 'a\\u{3164}\\u{e0041}'],
    ['\ud800', '\\u{d800}'],
  ])('shows what cannot be seen: %j', (text, shown) => {
    expect(visible(text)).toBe(shown);
    expect(printable(text)).toBe(shown);
  });

  it('is cut at 200 characters, escapes included', () => {
    expect(printable('a'.repeat(200))).toBe('a'.repeat(200));
    expect(printable('a'.repeat(201))).toBe(`${'a'.repeat(199)}…`);
    expect(printable('🎉'.repeat(200))).toBe('🎉'.repeat(200));
    expect(printable('🎉'.repeat(201))).toBe(`${'🎉'.repeat(199)}…`);
    expect([...printable('\u001b'.repeat(16_384))]).toHaveLength(200);
  });

  it('never holds anything to obey, nor more than 200 characters', () => {
    fc.assert(
      fc.property(any, (text) => {
        expect(visible(text)).not.toMatch(OBEYED);
        expect(visible(visible(text))).toBe(visible(text));
        expect(printable(text)).not.toMatch(OBEYED);
        expect([...printable(text)].length).toBeLessThanOrEqual(200);
      }),
      { numRuns: 10_000 },
    );
  });

  it('ends where its quotes do', () => {
    expect(quoted('a "b" \\')).toBe('"a \\"b\\" \\\\"');
    fc.assert(
      fc.property(any, (text) => {
        expect(quoted(text)).toMatch(/^"(?:[^"\\]|\\.)*…?"$/su);
        expect(quoted(text).length).toBeLessThanOrEqual(402);
      }),
    );
  });

  it('is the same value as JSON, in visible characters', () => {
    fc.assert(
      fc.property(any, (text) => {
        const json = visibleJson({ [text]: [text] });
        expect(json).not.toMatch(OBEYED);
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify({ [text]: [text] })));
      }),
    );
    expect(visibleJson({ a: '\n' }, 2)).toBe('{\n  "a": "\\n"\n}');
  });
});

it('Q4: the query of a URL, where tokens are, is not told', () => {
  expect(printablePath('/a?token=secret#x')).toBe('/a');
  expect(printablePath('/a#token=secret?x')).toBe('/a');
  expect(printablePath('/a\n?token=\nsecret')).toBe('/a\\u{a}');
});
