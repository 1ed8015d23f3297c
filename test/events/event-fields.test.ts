import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkField, toEventText } from '../../plugins/events/message.ts';

const RUNS = { numRuns: 10_000 };
const CODE = 'DEV_SERVE_ERR_INVALID_EVENT_FIELD';

/** C0, DEL and C1, and what else some languages take for a line end. */
const control = fc.oneof(
  fc.integer({ min: 0, max: 0x1f }),
  fc.integer({ min: 0x7f, max: 0x9f }),
  fc.constantFrom(0x2028, 0x2029),
);
const text = fc.string({ unit: 'binary', maxLength: 20 });

function isRefused(check: () => unknown): boolean {
  try {
    check();
    return false;
  } catch (error) {
    return error instanceof TypeError && 'code' in error && error.code === CODE;
  }
}

describe('E1: a control character', () => {
  it('anywhere in a type or an id is refused', () => {
    fc.assert(
      fc.property(text, control, text, (before, code, after) => {
        const value = before + String.fromCharCode(code) + after;
        return (
          isRefused(() => checkField('id', value)) &&
          isRefused(() => checkField('event', value)) &&
          isRefused(() => toEventText({ event: value, data: '' }))
        );
      }),
      RUNS,
    );
  });

  it('is all that is wrong with a short text', () => {
    fc.assert(
      fc.property(text, (value) => {
        const shown = value.replace(/[\p{Cc}\u2028\u2029]/gu, '');
        return checkField('id', shown) === shown;
      }),
      RUNS,
    );
  });
});

describe('E4: a type or an id', () => {
  it('has 255 bytes at most', () => {
    for (const name of ['id', 'event'] as const) {
      expect(checkField(name, 'x'.repeat(255))).toHaveLength(255);
      for (const value of ['x'.repeat(256), 'é'.repeat(128), '\u{1f600}'.repeat(64)]) {
        expect(isRefused(() => checkField(name, value))).toBe(true);
      }
    }
  });
});
