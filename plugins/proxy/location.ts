import { isLoopback } from './loopback.ts';
import type { Passage } from './passage.ts';
import { pathHere } from './rule.ts';

const HAS_HOST = /^\s*(?:[a-z][a-z\d+.-]*:|[\\/]{2})/i;
const REFRESH = /^(\s*[\d.]*\s*[;,]\s*(?:url\s*=\s*)?)(["']?)(.*?)(\2\s*)$/is;

/** A Location as the browser may follow it: one that names the upstream names this server then. */
export function rewriteLocation(location: string, passage: Passage): string {
  const { origin, destination, mapping } = passage;
  if (!HAS_HOST.test(location)) {
    // Not every relative reference: only one that names a path from the root says a prefix.
    const parts = /^(\/[^?#]*)(.*)$/s.exec(location);
    const path = pathHere(parts?.[1] ?? '', mapping);
    return parts && path !== undefined ? `${path}${parts[2]}` : location;
  }
  if (!URL.canParse(location, destination.origin)) return location;
  const url = new URL(location, destination.origin);
  // An upstream of this machine was asked by our host, and makes its own URLs of it.
  const isOwn = destination.isLoopback && namesHost(url, origin);
  if (!isOwn && !namesUpstream(url, passage)) return location;
  const path = pathHere(url.pathname, mapping) ?? (isOwn ? url.pathname : undefined);
  // With the origin in front: a path may start with "//", and would name a host alone.
  return path === undefined ? location : `${origin}${path}${url.search}${url.hash}`;
}

/** The same for the header `Refresh`, which holds a delay as well. */
export function rewriteRefresh(refresh: string, passage: Passage): string {
  const [, delay, quote, url, end] = REFRESH.exec(refresh) ?? [];
  return url ? `${delay}${quote}${rewriteLocation(url, passage)}${end}` : refresh;
}

function namesHost(url: URL, origin: string): boolean {
  return /^https?:$/.test(url.protocol) && url.host === new URL(origin).host;
}

function namesUpstream(url: URL, { destination }: Passage): boolean {
  if (url.origin === destination.origin) return true;
  // A server of this machine knows itself by one of its names.
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  const isSameScheme = url.protocol === (destination.https ? 'https:' : 'http:');
  const isHere = destination.isLoopback && isLoopback(url.hostname);
  return isSameScheme && isHere && port === destination.port;
}
