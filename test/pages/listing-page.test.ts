import { describe, expect, it } from 'vitest';
import { type ListedEntry, listingPage } from '../../plugins/pages/listing-page.ts';

const modified = new Date(2026, 10, 20, 14, 5);
const file = (name: string): ListedEntry => ({ name, isFolder: false, size: 1540, modified });
const folder = (name: string): ListedEntry => ({ name, isFolder: true, size: 4096, modified });
const linksOf = (html: string) =>
  [...html.matchAll(/<a href="([^"]*)">([^<]*)<\/a>/g)].map(([, href, text]) => `${text} ${href}`);

describe('a listing', () => {
  it('leads to each entry, to the folder above and to all around it', () => {
    const html = listingPage({
      path: ['/', 'a', 'b & c'],
      entries: [folder('sub'), file('x.html')],
      left: 0,
    });
    expect(linksOf(html)).toEqual([
      ...['/ ../../', 'a ../', '../ ../'],
      ...['sub/ ./sub/', 'x.html ./x.html'],
    ]);
    expect(html).toContain('<b aria-current="page">b &amp; c</b>');
    expect(html).toContain('<title>b &amp; c/</title>');
    expect(html).toContain('1.5 kB');
    expect(html).toContain('>2026-11-20 14:05</time>');
    expect(html).not.toContain('4.1 kB');
  });

  it('of the root has nothing above it', () => {
    const html = listingPage({ path: ['/'], entries: [file('a')], left: 0 });
    expect(linksOf(html)).toEqual(['a ./a']);
    expect(html).toContain('<title>/</title>');
  });

  it.each([
    ['javascript:alert(1)', './javascript%3Aalert(1)', 'javascript:alert(1)'],
    ['<img src=x>', './%3Cimg%20src%3Dx%3E', '&lt;img src=x&gt;'],
    ['"onmouseover="x', './%22onmouseover%3D%22x', '&quot;onmouseover=&quot;x'],
    ["a'b", './a&#39;b', 'a&#39;b'],
    ['#?%', './%23%3F%25', '#?%'],
    ['..x', './..x', '..x'],
    ['a\u202eb', './a%E2%80%AEb', 'a\\u{202e}b'],
  ])('L1, L2: is safe from the name %j', (name, href, text) => {
    const html = listingPage({ path: ['/'], entries: [file(name)], left: 0 });
    expect(html).toContain(`<a href="${href}">${text}</a>`);
  });

  it('L4: says when it is empty, and when it is not all', () => {
    expect(listingPage({ path: ['/'], entries: [], left: 0 })).toContain('Nothing is in this');
    expect(listingPage({ path: ['/'], entries: [file('a')], left: 7 })).toContain('And 7 more');
  });
});
