import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTarget } from '../../plugins/files/parse-target.ts';

describe('P1, P2: a request-target', () => {
  it.each([
    ['/', [], true, ''],
    ['/a.html', ['a.html'], false, ''],
    ['/a/b/', ['a', 'b'], true, ''],
    ['/a%20b/c%2520.html', ['a b', 'c%20.html'], false, ''],
    ['/100%25.html', ['100%.html'], false, ''],
    ['/caf%C3%A9', ['café'], false, ''],
    ['/a?b=/../%00?c', ['a'], false, '?b=/../%00?c'],
    ['/?', [], true, '?'],
    ['/...', ['...'], false, ''],
    ['/%23%3F', ['#?'], false, ''],
    ['/__proto__/constructor', ['__proto__', 'constructor'], false, ''],
  ])('%s is read', (target, segments, trailingSlash, query) => {
    expect(parseTarget(target)).toEqual({ segments, trailingSlash, query });
  });

  it.each([
    '',
    'a',
    '*',
    '?',
    'http://localhost/a',
    '//evil.example',
    '//',
    '/a//b',
    '/a//',
    '/.',
    '/..',
    '/./a',
    '/a/../b',
    '/a/..',
    '/%2e/a',
    '/%2E%2e/a',
    '/.%2e/a',
    '/a%2fb',
    '/a%2Fb',
    '/..%2fsecret',
    '/a\\b',
    '/a%5cb',
    '/..%5csecret',
    '/%00',
    '/a%0a',
    '/a%0d%0aSet-Cookie:x',
    '/%0c',
    '/%7f',
    '/%c2%85',
    '/a\u0000',
    '/a\r\nb',
    '/a b',
    '/é',
    '/a#b',
    '/a?b#c',
    '/a?b\r\nc',
    '/%',
    '/%2',
    '/%zz',
    '/%ff',
    '/%c3%28',
    '/%ed%a0%80',
    '/%c0%ae%c0%ae/secret',
    '/a?\ud800',
  ])('%j is malformed', (target) => expect(parseTarget(target)).toBeUndefined());

  it('gives back the names it was encoded from', () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .filter((text) => !/[/\\\p{Cc}]/u.test(text) && text !== '.' && text !== '..');
    fc.assert(
      fc.property(fc.array(name), (segments) => {
        const target = `/${segments.map((segment) => encodeURIComponent(segment)).join('/')}`;
        expect(parseTarget(target)?.segments).toEqual(segments);
      }),
    );
  });
});
