import fc from 'fast-check';
import { expect, it } from 'vitest';
import { printable } from '../../plugins/hosts/printable.ts';

it('shows escape sequences, bidi marks and line ends as text', () => {
  expect(printable('\u001b[31m\r\n\u202e\u009b"')).toBe('"\\u001b[31m\\r\\n\\u202e\\u009b\\""');
});

it('is visible ASCII of bounded length for every text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), (text) => {
      expect(printable(text)).toMatch(/^[\x20-\x7e]{2,1300}$/);
    }),
  );
});
