import { quoted } from '../printable.ts';
import { requestAuthority } from './authority.ts';
import { type AllowedHosts, type Host, isAllowedHost, parseHost } from './host.ts';
import { isAllowedOrigin, isSameOrigin } from './origin.ts';

/** Whom to answer. */
export interface Policy {
  readonly allowedHosts: AllowedHosts;
  readonly allowedOrigins: readonly string[];
  /** Whether this server itself speaks TLS. */
  readonly https: boolean;
}

/** What a request says about where it goes and where it comes from. */
export interface Claims {
  readonly rawHeaders: readonly string[];
  readonly origin: string | undefined;
  /** The header `Sec-Fetch-Site`. */
  readonly fetchSite: string | undefined;
  readonly purpose: 'page' | 'events' | 'websocket';
}

/** A request to answer; `grantTo` is the foreign origin that may read the answer, if any. */
export interface Admission {
  readonly status: 200;
  readonly grantTo: string | undefined;
}

/** A request to turn away: plain text for the client, and the line for the log. */
export interface Refusal {
  readonly status: 400 | 403;
  readonly reason: string;
}

/** Decides on one request by its headers alone; total, whatever the client sent. */
export function judge(claims: Claims, policy: Policy): Admission | Refusal {
  const host = parseHost(requestAuthority(claims.rawHeaders) ?? '');
  if (host === undefined) {
    return { status: 400, reason: 'A request needs exactly one Host header with a valid host' };
  }
  if (!isAllowedHost(host, policy.allowedHosts)) {
    return forbidden(`Host ${quoted(host.name)}`, 'allowedHosts', '--allowed-host');
  }
  // Pages are for everyone who names the host right: links from other sites must keep working.
  if (claims.purpose === 'page') return { status: 200, grantTo: undefined };
  return judgeOrigin(claims, host, policy);
}

function judgeOrigin(claims: Claims, host: Host, policy: Policy): Admission | Refusal {
  const { origin, fetchSite = 'none', purpose } = claims;
  if (origin === undefined) {
    // A same-origin EventSource sends no Origin, and neither do curl and editors.
    if (fetchSite === 'same-origin' || fetchSite === 'none') {
      return { status: 200, grantTo: undefined };
    }
    return forbidden('A request of another site', 'allowedOrigins', '--allowed-origin');
  }
  if (!isAllowedOrigin(origin, host, policy.allowedOrigins, policy.https)) {
    return forbidden(`Origin ${quoted(origin)}`, 'allowedOrigins', '--allowed-origin');
  }
  const isForeign = purpose === 'events' && !isSameOrigin(origin, host, policy.https);
  if (!isForeign) return { status: 200, grantTo: undefined };
  return { status: 200, grantTo: policy.allowedOrigins.includes('*') ? '*' : origin };
}

function forbidden(subject: string, option: string, flag: string): Refusal {
  const reason = `${subject} is not allowed: add it to the option ${option} (${flag})`;
  return { status: 403, reason };
}
