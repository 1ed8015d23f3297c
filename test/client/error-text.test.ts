import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { describeError, describeRejection, shortUrl } from '../../client/error-text.ts';

beforeAll(() => void vi.stubGlobal('location', new URL('http://127.0.0.1:3000/page')));
afterAll(() => void vi.unstubAllGlobals());

const place = {
  message: 'Uncaught TypeError: x is not a function',
  filename: 'http://127.0.0.1:3000/js/app.js',
  lineno: 3,
  colno: 14,
};

function errorOf(stack: string | undefined): Error {
  const error = new Error('x');
  Object.defineProperty(error, 'stack', { value: stack });
  return error;
}

describe('the text of an error', () => {
  it('is its message, and where it was thrown, without the origin', () => {
    expect(describeError(place, undefined)).toBe(
      'Uncaught TypeError: x is not a function (/js/app.js:3:14)',
    );
  });

  it.each([
    ['TypeError: x\n    at run (http://127.0.0.1:3000/js/app.js:3:14)\n    at other.js:1:1'],
    ['run@http://127.0.0.1:3000/js/app.js:3:14\n@http://127.0.0.1:3000/js/app.js:9:1'],
  ])('has the first line of the stack that names a place: %j', (stack) => {
    const text = describeError(place, errorOf(stack));
    expect(text).toMatch(/ \(\/js\/app\.js:3:14\) (at run \(|run@)\/js\/app\.js:3:14\)?$/);
  });

  it('is what there is of one that comes from a script of another origin', () => {
    const hidden = { message: 'Script error.', filename: '', lineno: 0, colno: 0 };
    expect(describeError(hidden, null)).toBe('Script error.');
  });

  it('is one line', () => {
    expect(describeError({ ...place, message: 'a\r\nb\tc' }, undefined)).toContain('a b c (');
  });
});

describe('the text of a rejection', () => {
  it.each([
    [errorOf(undefined), 'Unhandled rejection: Error: x'],
    ['just\ntext', 'Unhandled rejection: just text'],
    [undefined, 'Unhandled rejection: undefined'],
    [Symbol('s'), 'Unhandled rejection: Symbol(s)'],
    [Object.create(null), 'Unhandled rejection: object'],
  ])('says what was thrown: %o', (reason, text) => {
    expect(describeRejection(reason)).toBe(text);
  });
});

describe('a URL', () => {
  it('is shortened within the origin of the page only', () => {
    expect(shortUrl('http://127.0.0.1:3000/a?b')).toBe('/a?b');
    expect(shortUrl('http://127.0.0.1:30001/a')).toBe('http://127.0.0.1:30001/a');
  });
});
