import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeHtml, nameAsHtml, pathAsHtml, visible } from '../../plugins/pages/escape.ts';

describe('text in a page', () => {
  it('is escaped for elements and attributes', () => {
    expect(escapeHtml(`<a href="x" id='y'>&`)).toBe(
      '&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;',
    );
  });

  it.each([
    ['a b', 'a b'],
    ['日本 é 🎉', '日本 é 🎉'],
    ['a\u202egnp.exe', 'a\\u{202e}gnp.exe'],
    ['a\u200bb\ufeffc', 'a\\u{200b}b\\u{feff}c'],
    ['a\u0000\n\u0085\u2028', 'a\\u{0}\\u{a}\\u{85}\\u{2028}'],
    ['a\u00a0b\u3000c', 'a\\u{a0}b\\u{3000}c'],
    ['a\u3164\u{e0041}', 'a\\u{3164}\\u{e0041}'],
    ['\ud800', '\\u{d800}'],
  ])('shows what cannot be seen: %j', (text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  it('never leaves its element, whatever a file is called', () => {
    const name = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(name, (text) => {
        expect(nameAsHtml(text)).not.toMatch(/[<>"'\p{Cc}\p{Cf}\p{Cs}]/u);
        expect(pathAsHtml(text)).not.toMatch(/[<>"'\p{Cc}\p{Cf}\p{Cs}]/u);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['/caf%C3%A9/%3Cscript%3E', '/café/&lt;script&gt;'],
    ['/%', '/%'],
    ['/%E2%80%AE', '/\\u{202e}'],
    [`/${'é'.repeat(300)}`, `/${'é'.repeat(199)}…`],
  ])('is decoded if it is a path: %.20s', (path, html) => {
    expect(pathAsHtml(path)).toBe(html);
  });
});
