import { describe, expect, it } from 'vitest';
import {
  decideByRequest,
  isInjectableResponse,
  mayBeDocument,
  withVary,
} from '../../plugins/html/decision.ts';

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
    ['documents', { accept: '*/*' }, '/movie.mp4', false],
    ['documents', { accept: '*/*' }, '/site.css?x=/page', false],
    ['none', { 'sec-fetch-dest': 'video' }, '/page.html', false],
  ] as const)('are dropped for %s %j %s: %s', (decision, headers, url, dropped) => {
    expect(mayBeDocument(decision, headers, url)).toBe(dropped);
  });
});

describe('a response', () => {
  const page = {
    statusCode: 200,
    contentType: 'text/html; charset=utf-8',
    contentEncoding: undefined,
    contentDisposition: undefined,
  };

  it.each([
    [{}, true],
    [{ statusCode: 404 }, true],
    [{ statusCode: 500, contentType: 'Text/HTML' }, true],
    [{ contentEncoding: 'identity' }, true],
    [{ contentDisposition: 'inline; filename="a.html"' }, true],
    [{ statusCode: 103 }, false],
    [{ statusCode: 204 }, false],
    [{ statusCode: 205 }, false],
    [{ statusCode: 206 }, false],
    [{ statusCode: 304 }, false],
    [{ contentEncoding: 'gzip' }, false],
    [{ contentEncoding: 'identity, br' }, false],
    [{ contentDisposition: 'attachment; filename="a.html"' }, false],
    [{ contentType: 'text/html-sandboxed' }, false],
    [{ contentType: 'application/xhtml+xml' }, false],
    [{ contentType: 'text/plain; x=text/html' }, false],
    [{ contentType: undefined }, false],
  ])('with %j is a page: %s', (facts, isPage) => {
    expect(isInjectableResponse({ ...page, ...facts })).toBe(isPage);
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
