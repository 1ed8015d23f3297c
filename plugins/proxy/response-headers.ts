import type { IncomingHttpHeaders } from 'node:http';
import { rewriteCookie } from './cookie.ts';
import { endToEnd, type Headers } from './hop-by-hop.ts';
import { rewriteLocation, rewriteRefresh } from './location.ts';
import type { Passage } from './passage.ts';

// Promises of the upstream for its own host, which browsers would hold all of this host to.
const ABOUT_UPSTREAM_HOST = ['alt-svc', 'strict-transport-security', 'public-key-pins'];

/** The headers that the browser gets; a Content-Security-Policy is never touched. */
export function responseHeaders(headers: IncomingHttpHeaders, passage: Passage): Headers {
  const sent = endToEnd(headers);
  for (const name of ABOUT_UPSTREAM_HOST) delete sent[name];
  for (const name of ['location', 'content-location']) {
    const value = sent[name];
    if (typeof value === 'string') sent[name] = rewriteLocation(value, passage);
  }
  if (typeof sent.refresh === 'string') sent.refresh = rewriteRefresh(sent.refresh, passage);
  const cookies = sent['set-cookie'];
  if (Array.isArray(cookies))
    sent['set-cookie'] = cookies.map((cookie) => rewriteCookie(cookie, passage));
  return sent;
}

/** Whether a text may be sent on: `reason-phrase = 1*( HTAB / SP / VCHAR / obs-text )` (RFC 9112). */
export function isPhrase(text: string | undefined): text is string {
  return text !== undefined && /^[\t\x20-\x7e\x80-\xff]+$/.test(text);
}
