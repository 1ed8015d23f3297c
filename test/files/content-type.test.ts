import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentTypeOf } from '../../plugins/files/content-type.ts';

describe('the type of a file', () => {
  it.each([
    ...['html', 'js', 'css', 'sub/html', 'text', 'conf', '.html', 'sub/.js', '.dot', 'LICENSE'],
    ...['a.', 'a.unknown', '', 'a.b/html'],
  ])('%j is not told by a name without an ending that says it', (name) => {
    expect(contentTypeOf(name)).toBe('application/octet-stream');
  });

  it.each([
    ['a.html', 'text/html'],
    ['A.HTML', 'text/html'],
    ['.env.html', 'text/html'],
    ['a.js', 'text/javascript; charset=utf-8'],
    ['a.MJS', 'text/javascript; charset=utf-8'],
    ['a.cjs', 'text/javascript; charset=utf-8'],
    ['a.js.map', 'application/json; charset=utf-8'],
    ['sub.css/a.svg', 'image/svg+xml'],
    ['a.min.css', 'text/css; charset=utf-8'],
    ['a.md', 'text/markdown; charset=utf-8'],
  ])('%s is %s', (name, type) => expect(contentTypeOf(name)).toBe(type));

  it.each(['a.ts', 'a.mts', 'a.cts', 'a.tsx', 'a.d.ts', 'A.TS'])(
    'of the source %s is text: nothing here makes a script of it',
    (name) => expect(contentTypeOf(name)).toBe('text/plain; charset=utf-8'),
  );

  it('is told of any name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) =>
        /^[a-z]+\/\S+/.test(contentTypeOf(name)),
      ),
    );
  });
});
