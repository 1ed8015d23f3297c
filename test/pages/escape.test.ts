import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeHtml, nameAsHtml } from '../../plugins/pages/escape.ts';

describe('L1: text in a page', () => {
  it('is escaped for elements and attributes', () => {
    expect(escapeHtml(`<a href="x" id='y'>&`)).toBe(
      '&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;',
    );
  });

  it('never leaves its element, whatever a file is called; L2: nor hides a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(nameAsHtml(text)).not.toMatch(/[<>"'\p{Cc}\p{Cf}\p{Cs}]/u);
      }),
      { numRuns: 10_000 },
    );
  });
});
