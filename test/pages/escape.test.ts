import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeHtml, nameAsHtml, pathAsHtml } from '../../plugins/pages/escape.ts';

describe('text in a page', () => {
  it('is escaped for elements and attributes', () => {
    expect(escapeHtml(`<a href="x" id='y'>&`)).toBe(
      '&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;',
    );
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
    [`/${'é'.repeat(300)}`, `/${'é'.repeat(198)}…`],
  ])('is decoded if it is a path: %.20s', (path, html) => {
    expect(pathAsHtml(path)).toBe(html);
  });
});
