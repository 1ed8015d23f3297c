import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { replaceCssUrls } from '../../client/css-urls.ts';
import { isRenewal, renewed } from '../../client/renew.ts';
import { replaceSrcset } from '../../client/srcset.ts';

/** The URLs that are found, and what comes of the text when `a.png` is replaced. */
function outcome(replace: typeof replaceSrcset, text: string) {
  const found: string[] = [];
  const changed = replace(text, (url) => {
    found.push(url);
    return url === 'a.png' ? 'NEW' : undefined;
  });
  return { found, changed };
}

describe('the URLs in CSS', () => {
  it.each([
    ['background: url(a.png) no-repeat', 'background: url("NEW") no-repeat'],
    ['background: url("a.png"), URL( \'a.png\' )', 'background: url("NEW"), url("NEW")'],
    ['--x: url(b.png) url(a.png)', '--x: url(b.png) url("NEW")'],
    ['content: url("\\61 .png")', 'content: url("NEW")'],
    ['content: url(\\000061.png)', 'content: url("NEW")'],
    ['content: url("a\\\n.png")', 'content: url("NEW")'],
    ['content: "a.png" attr(a.png)', 'content: "a.png" attr(a.png)'],
    ['content: url()', 'content: url()'],
    ['content: url("a.png', 'content: url("a.png'],
  ])('%s become %s', (text, expected) => {
    expect(outcome(replaceCssUrls, text).changed).toBe(expected);
  });

  it('are found with all their characters', () => {
    const text = 'a: url("b \\"(c)\\" \\\\.png") url(d\\ \\(e\\).png?f=1,2#g) url("\\110000 ")';
    expect(outcome(replaceCssUrls, text).found).toEqual([
      'b "(c)" \\.png',
      'd (e).png?f=1,2#g',
      '\u0000',
    ]);
  });
});

describe('the URLs in a srcset', () => {
  it.each([
    ['a.png', 'NEW'],
    ['a.png 1x, b.png 2x', 'NEW 1x, b.png 2x'],
    ['b.png 100w,a.png 200w', 'b.png 100w,NEW 200w'],
    ['\n  a.png\t1.5x,\n a.png 2x', '\n  NEW\t1.5x,\n NEW 2x'],
    ['a.png, a.png 2x,', 'NEW, NEW 2x,'],
    ['data:image/png;a,a.png 1x', 'data:image/png;a,a.png 1x'],
    ['xa.png 1x, a.pngx 2x', 'xa.png 1x, a.pngx 2x'],
  ])('%j become %j', (text, expected) => {
    expect(outcome(replaceSrcset, text).changed).toBe(expected);
  });
});

describe('any text', () => {
  it.each([
    ['CSS', replaceCssUrls],
    ['srcset', replaceSrcset],
  ])('is left as it is where nothing is replaced: %s', (_, replace) => {
    const piece = fc.oneof(fc.string(), fc.constantFrom('url(', '"', "'", ')', '\\', ',', ' 2x,'));
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = pieces.join('');
        expect(replace(text, () => undefined)).toBe(text);
      }),
    );
  });
});

describe('a URL that is new for all caches', () => {
  const renew = (path: string, stamp = 'x1') => renewed(`http://host${path}`, stamp).slice(11);

  it('keeps its query as it is written, and its fragment', () => {
    expect(renew('/a.svg#icon')).toBe('/a.svg?dev-serve=x1#icon');
    expect(renew('/a.png?v=1+2&a%20b&c')).toBe('/a.png?v=1+2&a%20b&c&dev-serve=x1');
    expect(renew('/a.png?my-dev-serve=1')).toBe('/a.png?my-dev-serve=1&dev-serve=x1');
  });

  it('is made new again and again', () => {
    expect(renew(renew('/a.png'), 'x2')).toBe('/a.png?dev-serve=x2');
    expect(renew(renew('/a.png?v=1'), 'x2')).toBe('/a.png?v=1&dev-serve=x2');
  });

  it('is no renewal of the cache', () => {
    expect(isRenewal('http://host/a.png?dev-serve=x1')).toBe(false);
    expect(isRenewal('http://host/a.png#dev-serve')).toBe(true);
  });
});
