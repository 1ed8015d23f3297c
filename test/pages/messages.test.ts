import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { listingPage } from '../../plugins/pages/listing-page.ts';
import {
  malformedUrlPage,
  notFoundPage,
  serverErrorPage,
  upstreamDownPage,
} from '../../plugins/pages/messages.ts';
import { pageHeaders } from '../../plugins/pages/page-headers.ts';
import { wantsPage } from '../../plugins/pages/wants-page.ts';

const PAGES = {
  'not found': notFoundPage,
  error: serverErrorPage(500),
  malformed: malformedUrlPage,
  'upstream down': upstreamDownPage('http://127.0.0.1:8000'),
  listing: listingPage({ path: ['/'], entries: [], left: 0 }),
};

describe.each(Object.entries(PAGES))('the page "%s"', (_name, html) => {
  it('L3: is allowed by its policy, and needs nothing besides', () => {
    const style = /<style>(.*?)<\/style>/s.exec(html)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(pageHeaders['content-security-policy'].split('; ')).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      "connect-src 'self'",
      `style-src 'sha256-${hash}'`,
      "img-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    expect(html).not.toMatch(
      /<script|<link|<img|\sstyle=|\son\w+=|https?:\/\/(?!127)|@import|url\(/,
    );
  });

  it('has a doctype, a language, a title, one heading and fits small screens', () => {
    expect(html).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(html).toMatch(/<title>[^<]+<\/title>/);
    expect(html.match(/<h1>/g)).toHaveLength(1);
    expect(html).toContain('name="viewport"');
  });
});

describe('the page for a server that does not answer', () => {
  it('names it, without its credentials', () => {
    expect(upstreamDownPage('http://127.0.0.1:8000/')).toContain(
      'Waiting for <code>http://127.0.0.1:8000</code>.',
    );
    const html = upstreamDownPage('http://user:secret@localhost:8000/<a>');
    expect(html).toContain('<code>http://localhost:8000/%3Ca%3E</code>');
    expect(upstreamDownPage('no URL <b> secret')).not.toContain('secret');
  });
});

describe('a browser', () => {
  it.each([
    [{ accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }, true],
    [{ accept: 'application/json, Text/HTML;q=0.1' }, true],
    [{ 'sec-fetch-dest': 'document', accept: '*/*' }, true],
    [{ 'sec-fetch-dest': 'iframe' }, true],
    [{ 'sec-fetch-dest': 'empty', accept: 'text/html' }, true],
    [{ 'sec-fetch-dest': 'script', accept: '*/*' }, false],
    [{ accept: '*/*' }, false],
    [{ accept: 'text/htmlx' }, false],
    [{ accept: 'image/avif,image/webp,*/*' }, false],
    [{}, false],
  ])('that sends %j is shown a page: %s', (headers, expected) => {
    expect(wantsPage(headers)).toBe(expected);
  });
});
