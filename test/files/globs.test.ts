import { describe, expect, it } from 'vitest';
import { compileGlobs } from '../../plugins/files/globs.ts';

const matches = (glob: string, path: string) =>
  compileGlobs('ignore', [glob]).file(path) !== undefined;

describe('a glob', () => {
  it.each([
    ['*.map', 'app.js.map'],
    ['*.map', 'deep/er/app.js.map'],
    ['drafts', 'drafts/a.html'],
    ['drafts', 'blog/drafts/2026/a.html'],
    ['drafts/', 'blog/drafts/a.html'],
    ['/drafts', 'drafts/a.html'],
    ['./drafts', 'drafts/a.html'],
    ['/*.html', 'index.html'],
    ['src/*.js', 'src/a.js'],
    ['src/**', 'src/a/b.js'],
    ['**/test/*.js', 'a/b/test/c.js'],
    ['*.{png,jpg}', 'img/a.jpg'],
    ['a?.html', 'ab.html'],
    ['[ab].html', 'b.html'],
    ['!(a).html', 'b.html'],
    ['*', '.well-known/x'],
    ['\\[id\\].html', '[id].html'],
    ['日本/*', '日本/語.html'],
  ])('%j matches %j', (glob, path) => expect(matches(glob, path)).toBe(true));

  it.each([
    ['*.map', 'map'],
    ['*.map', 'app.map.js'],
    ['drafts/', 'drafts'],
    ['/drafts', 'blog/drafts/a.html'],
    ['./drafts', 'blog/drafts/a.html'],
    ['/*.html', 'blog/index.html'],
    ['src/*.js', 'lib/src/a.js'],
    ['src/*.js', 'src/a/b.js'],
    ['draft', 'drafts/a.html'],
    ['!(a).html', 'a.html'],
  ])('%j does not match %j', (glob, path) => expect(matches(glob, path)).toBe(false));

  it('of several is named by the first that matches', () => {
    expect(compileGlobs('ignore', ['*.txt', 'a', '*.js']).file('a/b.js')).toBe('a');
  });

  it.each([
    ['', 'must hold globs such as "*.map", not ""'],
    ['/', 'must hold globs such as "*.map", not "/"'],
    ['.', 'must hold globs such as "*.map", not "."'],
    ['./', 'must hold globs such as "*.map", not "./"'],
    ['!*.css', 'takes no "!": leave out "!*.css"'],
    ['../views', 'must stay below the directory, unlike "../views"'],
    ['a/../b', 'must stay below the directory, unlike "a/../b"'],
    ['[ab', 'holds "[ab", which is no glob: a bracket or brace is not closed'],
    ['{a,b', 'holds "{a,b", which is no glob: a bracket or brace is not closed'],
    ['*'.repeat(70_000), 'which is no glob'],
  ])('%.9j is refused, with the name of its option', (glob, reason) => {
    expect(() => compileGlobs('exclude', ['ok', glob])).toThrow(
      expect.objectContaining({
        code: 'DEV_SERVE_ERR_INVALID_OPTION',
        message: expect.stringContaining('Option "exclude" '),
      }),
    );
    expect(() => compileGlobs('exclude', [glob])).toThrow(reason);
  });
});
