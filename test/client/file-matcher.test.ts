import { describe, expect, it } from 'vitest';
import { fileMatcher } from '../../client/file-matcher.ts';

const ORIGIN = 'http://127.0.0.1:3000';

const matcher = (path: string, isLoose = false) => fileMatcher(new URL(path, ORIGIN), isLoose);

describe('a file', () => {
  it.each([
    ['/css/a.css', '/css/a.css'],
    ['/css/a.css', '/css/a.css?v=1#top'],
    ['/css/a.css', '/css/../css/%61%2Ecss'],
    ['/caf%C3%A9.css', '/café.css'],
    ['/100%25.css', '/100%25.css'],
    ['/100%.css', '/100%.css'],
    ['/docs/guide.html', '/docs/guide'],
    ['/docs/index.html', '/docs/'],
    ['/docs/index.html', '/docs'],
    ['/docs/index.html', '/docs/index'],
    ['/index.html', '/'],
    ['/a.css', `${ORIGIN}/a.css`],
  ])('%s is found at %s', (path, href) => {
    expect(matcher(path)(href)).toBe(true);
  });

  it.each([
    ['/a.css', '/b.css'],
    ['/a.css', '/css/a.css'],
    ['/css/a.css', '/a.css'],
    ['/a.css', 'http://127.0.0.1:3001/a.css'],
    ['/a.css', 'https://127.0.0.1:3000/a.css'],
    ['/a.css', 'data:text/css,/a.css'],
    ['/a.css', 'http://['],
    ['/a.css', ''.padEnd(3, '/')],
    ['/guide.html', '/guide/'],
    ['/docs/index.html', '/'],
    ['/my-index.html', '/my-'],
  ])('%s is not found at %s', (path, href) => {
    expect(matcher(path)(href)).toBe(false);
  });

  it('is found by a URL relative to another', () => {
    expect(matcher('/img/a.png')('../img/a.png', `${ORIGIN}/css/site.css`)).toBe(true);
    expect(matcher('/img/a.png')('a.png', `${ORIGIN}/css/site.css`)).toBe(false);
  });

  it('whose path and URL may begin differently is found by whole names that they end with', () => {
    const isFile = matcher('/static/css/site.css', true);
    const of = (path: string) => isFile(ORIGIN + path);
    expect(['/static/css/site.css', '/app/static/css/site.css', '/site.css'].every(of)).toBe(true);
    expect(['/on-site.css', '/ite.css', '/css/', '/', '/static/css'].some(of)).toBe(false);
  });
});
