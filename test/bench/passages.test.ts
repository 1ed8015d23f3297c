import { expect, it } from 'vitest';
import { replacePassages } from '../../bench/core/passages.js';

const text = `Before.
<!-- bench: one -->
old
<!-- /bench -->
Between.
<!-- bench: two-b -->
stays
<!-- /bench -->
After.
`;

it('what stands between the marks is replaced, and nothing else', () => {
  const passages = new Map([['one', '$& new\n']]);
  expect(replacePassages(text, passages)).toBe(text.replace('old', () => '$& new'));
});

it('may be replaced again', () => {
  const passages = new Map([['two-b', 'a\n\nb']]);
  const once = replacePassages(text, passages);
  expect(replacePassages(once, passages)).toBe(once);
});
