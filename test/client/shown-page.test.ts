import { describe, expect, it } from 'vitest';
import { isAsset, isImage } from '../../client/asset-kinds.ts';
import { concerns, type ShownPage } from '../../client/shown-page.ts';

const page = (path: string, file: string, isMissing = false): ShownPage => ({
  path,
  file,
  isMissing,
});

describe('a page concerns', () => {
  it.each([
    ['its file', 'write', '/index.html', page('/', '/index.html')],
    ['what it is asked for by', 'write', '/link.html', page('/link.html', '/real.html')],
    ['a file that takes its place', 'create', '/a.html', page('/a/', '/a/index.html')],
    ['an index in its place', 'create', '/a/index.html', page('/a/', '/a/')],
    ['an entry of its list', 'remove', '/a/b.txt', page('/a/', '/a/')],
    ['a folder in its list', 'create', '/a/b/c.txt', page('/a/', '/a/')],
    ['the page that is missing', 'create', '/a/b.html', page('/a/b', '', true)],
    ['it written once more', 'write', '/a/b.html', page('/a/b', '', true)],
    ['a nearer page for what is missing', 'create', '/a/404.html', page('/a/b', '/404.html', true)],
  ])('%s', (_, operation, path, shown) => {
    expect(concerns({ operation, path }, shown)).toBe(true);
  });

  it.each([
    ['another page', 'write', '/a.html', page('/', '/index.html')],
    ['what had its place before', 'write', '/a.html', page('/a/', '/a/index.html')],
    ['what is not in its place any more', 'remove', '/a.html', page('/a/', '/a/index.html')],
    ['a file below a folder of its list', 'write', '/a/b/c.txt', page('/a/', '/a/')],
    ['a file beside its list', 'create', '/ab/c.txt', page('/a/', '/a/')],
    ['a page for what is missing elsewhere', 'create', '/b/404.html', page('/a/b', '', true)],
    ['any file, if it is none itself', 'create', '/b.html', page('/', '')],
  ])('not %s', (_, operation, path, shown) => {
    expect(concerns({ operation, path }, shown)).toBe(false);
  });
});

describe('the kind of a file', () => {
  it('is told by the end of its name', () => {
    const images = ['a.png', 'A.PNG', 'a.b.jpeg', 'a.jpg', 'a.apng', 'a.svg', 'a.ico', 'a.cur'];
    const assets = ['a.css', 'a.js', 'a.mjs', 'a.css.map', 'a.wasm', 'a.woff2', 'a.mp3', 'a.ogv'];
    const others = ['a.html', 'a.json', 'a.ts', 'a.scss', 'png', 'a.png.txt', 'a.jsx', 'a.cjs', ''];
    expect(images.filter(isImage)).toEqual(images);
    expect([...images, ...assets].filter(isAsset)).toEqual([...images, ...assets]);
    expect([...assets, ...others].filter(isImage)).toEqual([]);
    expect(others.filter(isAsset)).toEqual([]);
  });
});
