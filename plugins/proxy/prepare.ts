import type { IncomingHttpHeaders } from 'node:http';
import type { Destination } from './destination.ts';
import type { Headers } from './hop-by-hop.ts';
import type { Passage } from './passage.ts';
import { requestHeaders } from './request-headers.ts';
import { requestTarget } from './request-target.ts';
import type { Mapping } from './rule.ts';

/** A request as it came. */
interface Incoming {
  readonly method: string;
  /** As it stands in the request line. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  /** Of the client. */
  readonly address: string | undefined;
  /** Whether this server speaks TLS. */
  readonly https: boolean;
  /** Whether it may be answered with a page, which has to be in a coding that can be read. */
  readonly mayGetPage: boolean;
  /** Whether its connection waits for another protocol. */
  readonly isUpgrade: boolean;
  readonly hasBody: boolean;
}

interface Prepared {
  readonly passage: Passage;
  readonly target: string;
  readonly headers: Headers;
}

/** The request as the upstream gets it, or one line on why nobody gets it. */
export function prepare(
  incoming: Incoming,
  destination: Destination,
  mapping: Mapping,
): Prepared | string {
  const { method, headers, https, isUpgrade, hasBody } = incoming;
  const target = requestTarget(incoming.target, mapping);
  const site = `${https ? 'https' : 'http'}://${headers[':authority'] ?? headers.host}`;
  if (target === undefined || !URL.canParse(site)) return 'Malformed URL';
  const passage = { origin: new URL(site).origin, destination, mapping };
  const sent = requestHeaders(headers, incoming, passage);
  if (isUpgrade) {
    if (method !== 'GET' || !/^websocket$/i.test(headers.upgrade ?? '')) {
      return 'The only other protocol is WebSocket';
    }
    // What lies behind the head is the other protocol's, whatever length the head tells.
    delete sent['content-length'];
    return { passage, target, headers: { ...sent, connection: 'Upgrade', upgrade: 'websocket' } };
  }
  // A method that seldom has a body gets it delimited only when the headers say how.
  const isDelimited = !hasBody || sent['content-length'] !== undefined;
  const framing: Headers = isDelimited ? {} : { 'transfer-encoding': 'chunked' };
  return { passage, target, headers: { ...sent, ...framing } };
}
