import type { Mapping } from './rule.ts';

/**
 * What the upstream is asked for: the target as it came, below the path of the rule. Refused, as
 * `undefined`, is what could lead out of there: nothing is normalised and then passed on.
 */
export function requestTarget(target: string, { here, there }: Mapping): string | undefined {
  const queryAt = target.indexOf('?');
  const path = queryAt < 0 ? target : target.slice(0, queryAt);
  // "origin-form = absolute-path [ "?" query ]" (RFC 9112, 3.2.1); "//" would name a host.
  if (!/^\/(?!\/)/.test(path) || path.includes('\\') || target.includes('#')) return undefined;
  // What node:http does not send as it is.
  if (/[^\x21-\xff]/.test(target) || climbs(path)) return undefined;
  if (here === there) return target;
  // The router has decoded the path to find the rule: the same segments may be spelt otherwise.
  const rest = path.split('/').slice(here.split('/').length);
  const below = rest.length === 0 ? '' : `/${rest.join('/')}`;
  return `${`${there}${below}` || '/'}${queryAt < 0 ? '' : target.slice(queryAt)}`;
}

/** Whether a reader that decodes the path once, even `%2f`, finds a `..` in it. */
function climbs(path: string): boolean {
  const decoded = path.replace(/%2e/gi, '.').replace(/%(?:2f|5c)/gi, '/');
  // Some servers cut parameters off a segment first: "..;a" is ".." to them.
  return decoded.split('/').some((segment) => /^\.\.(?:;|%3b|$)/i.test(segment));
}
