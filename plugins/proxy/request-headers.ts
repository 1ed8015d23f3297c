import type { IncomingHttpHeaders } from 'node:http';
import { dashed, endToEnd, type Headers } from './hop-by-hop.ts';
import type { Passage } from './passage.ts';
import { pathThere } from './rule.ts';

/** What is known of the client from its connection. */
interface Client {
  readonly address: string | undefined;
  /** Whether it may be answered with a page, which has to be in a coding that can be read. */
  readonly mayGetPage: boolean;
}

// What proxies say of clients is said anew; "Proxy" is what CGI takes for its HTTP_PROXY.
const SAID_BY_PROXIES =
  /^(?:x-forwarded(?:-.*)?|forwarded|x-real-ip|x-original-.*|x-rewrite-url|proxy)$/;
const READABLE_CODINGS = new Set(['gzip', 'x-gzip', 'br', 'deflate', 'identity']);

/** The headers that the upstream gets. */
export function requestHeaders(
  headers: IncomingHttpHeaders,
  client: Client,
  passage: Passage,
): Headers {
  const { origin, destination } = passage;
  const { host, protocol } = new URL(origin);
  const sent = endToEnd(headers);
  for (const name of Object.keys(sent)) {
    if (SAID_BY_PROXIES.test(dashed(name))) delete sent[name];
  }
  // Whoever has waited for "100 Continue" has got it from this server.
  delete sent.expect;
  const authority = headers[':authority'] ?? headers.host;
  // A backend under development makes its URLs of the Host; a site out there is found by it.
  sent.host = destination.isLoopback ? String(authority ?? host) : destination.host;
  if (!destination.isLoopback) nameUpstream(sent, passage);
  if (destination.authorization !== undefined) sent.authorization ??= destination.authorization;
  if (client.mayGetPage) sent['accept-encoding'] = readableCodings(sent['accept-encoding']);
  if (sent['accept-encoding'] === '') delete sent['accept-encoding'];
  sent['x-forwarded-host'] = String(authority ?? host);
  sent['x-forwarded-proto'] = protocol.slice(0, -1);
  // IPv4 as a socket for both families has it.
  if (client.address) sent['x-forwarded-for'] = client.address.replace(/^::ffff:/, '');
  return sent;
}

/** To another site a page of ours would be a foreign one. */
function nameUpstream(sent: Headers, { origin, destination, mapping }: Passage): void {
  const { host } = new URL(origin);
  const names = (text: string) => URL.canParse(text) && new URL(text).host === host;
  if (typeof sent.origin === 'string' && names(sent.origin)) sent.origin = destination.origin;
  if (typeof sent.referer === 'string' && names(sent.referer)) {
    const { pathname, search } = new URL(sent.referer);
    sent.referer = `${destination.origin}${pathThere(pathname, mapping)}${search}`;
  }
}

function readableCodings(accepted: string | string[] | undefined): string {
  if (accepted === undefined) return '';
  const codings = String(accepted).split(',');
  const isReadable = (coding: string) =>
    READABLE_CODINGS.has(coding.replace(/;.*$/s, '').trim().toLowerCase());
  return codings.filter(isReadable).join(',').trim() || 'identity';
}
