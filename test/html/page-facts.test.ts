import { describe, expect, it } from 'vitest';
import { insertIntoHead } from '../../plugins/html/insert-into-head.ts';
import { factsOf } from '../../plugins/html/page-facts.ts';
import { tag } from './golden-pages.ts';

const bytes = (text: string) => Buffer.from(text);
const inserted = (text: string, documentsOnly = false) =>
  insertIntoHead(bytes(text), tag, { documentsOnly }).toString();

describe('what is known of a page', () => {
  it('is found once for the same bytes', () => {
    const facts = factsOf(bytes('<head>1</head>'));
    expect(facts.place?.offset).toBe(6);
    expect(factsOf(bytes('<head>1</head>'))).toBe(facts);
  });

  it('is not told of a page that differs in one byte', () => {
    expect(factsOf(bytes('<meta charset=koi8-r>')).charset).toBe('koi8-r');
    expect(factsOf(bytes('<meta charset=koi8-u>')).charset).toBe('koi8-u');
    expect(inserted('<!-- --><head></head>')).toBe(`<!-- --><head>${tag(undefined)}</head>`);
    expect(inserted('<!-- -> <head></head>')).toBe('<!-- -> <head></head>');
    expect(inserted('<!-- --><head></head>')).toBe(`<!-- --><head>${tag(undefined)}</head>`);
  });

  it('stays right whoever writes to the page afterwards', () => {
    const page = bytes('<html><head></head><p>');
    expect(factsOf(page).place?.offset).toBe(12);
    page.write('<p    ');
    expect(factsOf(page).place?.offset).toBe(0);
    expect(factsOf(bytes('<html><head></head><p>')).place?.offset).toBe(12);
  });

  it('serves requests that ask for something else of it', () => {
    const page = '<script nonce="YWJj"></script>';
    expect(inserted(page, true)).toBe(page);
    expect(inserted(page)).toBe(`${tag('YWJj')}${page}`);
    expect(inserted(page, true)).toBe(page);
    const told = insertIntoHead(bytes(page), tag, { nonce: 'ZGVm' });
    expect(told.toString()).toBe(`${tag('ZGVm')}${page}`);
    const wide = insertIntoHead(bytes(page), tag, { encoding: 'utf-16le' });
    expect(wide.toString()).not.toContain(tag('YWJj'));
    expect(inserted(page)).toBe(`${tag('YWJj')}${page}`);
  });

  it('is forgotten after sixteen others, and at once if the page is large', () => {
    const facts = factsOf(bytes('<head>'));
    const others = Array.from({ length: 16 }, (_, index) => bytes(' '.repeat(100 + index)));
    for (const other of others.slice(1)) factsOf(other);
    expect(factsOf(bytes('<head>'))).toBe(facts);
    for (const other of others) factsOf(other);
    expect(factsOf(bytes('<head>'))).not.toBe(facts);
    const large = Buffer.alloc(64 * 1024 + 1, '<head>');
    expect(factsOf(large)).not.toBe(factsOf(large));
    expect(factsOf(large).place?.offset).toBe(6);
  });
});
