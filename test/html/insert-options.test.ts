import { describe, expect, it } from 'vitest';
import { byteOrderMark, encodingOfContentType } from '../../plugins/html/code-units.ts';
import { insertIntoHead } from '../../plugins/html/insert-into-head.ts';
import { tag } from './golden-pages.ts';

describe('documents only', () => {
  it.each([
    '<!doctype html>words',
    '<!-- x --><!DOCTYPE html><p>',
    '<html><p>',
    '<head></head>',
    ' <BODY class="a">',
    '<title>x</title>',
    '<meta charset="utf-8">',
    '<frameset>',
  ])('injects %s', (page) => {
    const injected = insertIntoHead(Buffer.from(page), tag, { documentsOnly: true });
    expect(injected.toString()).toContain(tag(undefined));
  });

  it.each([
    '',
    'words',
    '<div></div>',
    '<header>',
    '<li>one<li>two',
    '<!-- <html> --><tr>',
    '<script src="a.js"></script>',
    '<titles>',
    '</body>',
    '<',
    '<htm',
  ])('leaves the fragment %j as it is', (page) => {
    const bytes = Buffer.from(page);
    expect(insertIntoHead(bytes, tag, { documentsOnly: true })).toBe(bytes);
  });
});

describe('the encoding of a page', () => {
  it('is taken from the caller when there is no byte order mark', () => {
    const page = Buffer.from('<head></head>é', 'utf16le');
    const expected = Buffer.from(`<head>${tag(undefined)}</head>é`, 'utf16le');
    expect(insertIntoHead(page, tag, { encoding: 'utf-16le' })).toEqual(expected);
  });

  it('is taken from the byte order mark before anything else', () => {
    const page = Buffer.from('\ufeff<head></head>');
    const expected = Buffer.from(`\ufeff<head>${tag(undefined)}</head>`);
    expect(insertIntoHead(page, tag, { encoding: 'utf-16be' })).toEqual(expected);
  });

  it('keeps half a code unit at the end of a page', () => {
    const page = Buffer.concat([Buffer.from('\ufeff<head></head>', 'utf16le'), Buffer.from('x')]);
    const injected = insertIntoHead(page, tag);
    expect(injected.length).toBe(page.length + 2 * tag(undefined).length);
    expect(injected.at(-1)).toBe(0x78);
  });

  it.each([
    ['text/html; charset=utf-16', 'utf-16le'],
    ['text/html;charset="UTF-16BE"', 'utf-16be'],
    ['text/html; charset=utf-16le; x=y', 'utf-16le'],
    ['text/html; charset=utf-8', 'ascii'],
    ['text/html; charset=utf-160', 'ascii'],
    ['text/html', 'ascii'],
  ])('is read from %s', (contentType, encoding) => {
    expect(encodingOfContentType(contentType)).toBe(encoding);
  });

  it('stays open while the first bytes may become a mark', () => {
    expect(byteOrderMark(Buffer.from([0xef, 0xbb]), false)).toBeUndefined();
    expect(byteOrderMark(Buffer.from([0xef, 0xbb]), true)?.length).toBe(0);
    expect(byteOrderMark(Buffer.from([0xef, 0x3c]), false)?.length).toBe(0);
  });
});

describe('a page without a place for the tag', () => {
  it.each(['<!-- open', '<!doctype html', '<html lang="', '<?xml', '<!-', '<head class='])(
    'such as %s is the same object afterwards',
    (page) => {
      const bytes = Buffer.from(page);
      expect(insertIntoHead(bytes, tag)).toBe(bytes);
    },
  );
});
