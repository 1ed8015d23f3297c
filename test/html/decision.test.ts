import { describe, expect, it } from 'vitest';
import { decideByRequest, isWhole, mayBeDocument } from '../../plugins/html/decision.ts';
import { pageSyntax } from '../../plugins/html/page-type.ts';
import { withVary } from '../../plugins/vary.ts';

const CHROME_PAGE = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8';

describe('a request may get', () => {
  it.each([
    ['GET', { 'sec-fetch-dest': 'document' }, 'all'],
    ['HEAD', { 'sec-fetch-dest': 'iframe', accept: '*/*' }, 'all'],
    ['GET', { 'sec-fetch-dest': 'frame' }, 'all'],
    ['GET', { 'sec-fetch-dest': 'empty', accept: 'text/html' }, 'none'],
    ['GET', { 'sec-fetch-dest': 'empty', 'sec-fetch-mode': 'navigate' }, 'all'],
    ['GET', { 'sec-fetch-dest': 'empty', 'sec-fetch-mode': 'cors' }, 'none'],
    ['GET', { 'sec-fetch-dest': 'script', accept: CHROME_PAGE }, 'none'],
    ['GET', { 'sec-fetch-dest': 'fencedframe' }, 'none'],
    ['GET', { 'sec-fetch-dest': 'embed' }, 'none'],
    ['GET', { 'sec-fetch-dest': 'object' }, 'none'],
    ['GET', { 'sec-fetch-dest': '' }, 'none'],
    ['POST', { 'sec-fetch-dest': 'document' }, 'none'],
    ['GET', { accept: CHROME_PAGE }, 'all'],
    ['GET', { accept: 'application/xml, TEXT/HTML;q=0.9' }, 'all'],
    ['GET', {}, 'all'],
    ['GET', { accept: '*/*' }, 'documents'],
    ['GET', { accept: '*/*;q=0.8, */*' }, 'documents'],
    ['GET', { accept: 'application/json, text/plain, */*' }, 'none'],
    ['GET', { accept: 'image/avif,image/webp,*/*;q=0.8' }, 'none'],
    ['GET', { accept: '' }, 'none'],
    ['GET', { accept: 'text/html', 'hx-request': 'true' }, 'none'],
    ['GET', { accept: 'text/html, */*', 'x-requested-with': 'XMLHttpRequest' }, 'none'],
    ['GET', { accept: 'text/html', 'x-requested-with': 'com.android.browser' }, 'all'],
  ])('%s %j: %s', (method, headers, decision) => {
    expect(decideByRequest(method, headers)).toBe(decision);
  });
});

describe('conditions and ranges', () => {
  it.each([
    ['all', { 'sec-fetch-dest': 'document' }, '/a.pdf', true],
    ['all', { accept: CHROME_PAGE }, '/readme.md', true],
    ['all', {}, '/docs/', true],
    ['all', {}, '/docs/v1.2/guide?file=a.js', true],
    ['documents', { accept: '*/*' }, '/INDEX.HTM#x.css', true],
    ['documents', { accept: '*/*' }, '/', true],
    ['documents', { accept: '*/*' }, '/page.xhtml', true],
    ['documents', { accept: '*/*' }, '/logo.svg', true],
    ['documents', { accept: '*/*' }, '/movie.mp4', false],
    ['documents', { accept: '*/*' }, '/site.css?x=/page', false],
    ['none', { 'sec-fetch-dest': 'video' }, '/page.html', false],
  ] as const)('are dropped for %s %j %s: %s', (decision, headers, url, dropped) => {
    expect(mayBeDocument(decision, headers, url)).toBe(dropped);
  });
});

describe('J2: a response', () => {
  it.each([
    [200, undefined, true],
    [404, undefined, true],
    [500, undefined, true],
    [200, 'inline; filename="a.html"', true],
    [200, 'attachment-like', true],
    [103, undefined, false],
    [204, undefined, false],
    [205, undefined, false],
    [206, undefined, false],
    [304, undefined, false],
    [200, 'attachment; filename="a.html"', false],
    [200, ' Attachment', false],
  ])(
    'of status %s with Content-Disposition %s is a whole page: %s',
    (status, disposition, whole) => {
      expect(isWhole(status, disposition)).toBe(whole);
    },
  );

  it.each([
    ['text/html', 'html'],
    ['Text/HTML; charset=utf-8', 'html'],
    [' text/html ;charset=x', 'html'],
    ['application/xhtml+xml; charset=utf-8', 'xml'],
    ['image/SVG+xml', 'xml'],
    ['text/html-sandboxed', undefined],
    ['application/xml', undefined],
    ['text/plain; x=text/html', undefined],
    [undefined, undefined],
  ])('of type %s is read as %s', (contentType, syntax) => {
    expect(pageSyntax(contentType)).toBe(syntax);
  });

  it.each([
    [undefined, 'Accept, Sec-Fetch-Dest'],
    ['', 'Accept, Sec-Fetch-Dest'],
    ['accept-encoding', 'accept-encoding, Accept, Sec-Fetch-Dest'],
    ['ACCEPT , Origin', 'ACCEPT, Origin, Sec-Fetch-Dest'],
    ['*', '*'],
  ])('that varies by %s varies then by %s', (vary, expected) => {
    expect(withVary(vary, ['Accept', 'Sec-Fetch-Dest'])).toBe(expected);
  });
});
