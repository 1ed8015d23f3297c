import { InvalidOptionError } from '../errors.ts';
import { listOption } from '../options.ts';
import { type Host, isLocalName, parseHost } from './host.ts';

const DEFAULT_PORTS = { http: 80, https: 443 } as const;

interface Origin {
  readonly scheme: 'http' | 'https';
  readonly host: Host;
  readonly port: number;
}

/**
 * Whether a page of this origin may talk to the server that was addressed as `host`: scheme http(s)
 * and the same host and port, or an origin of the list. Total: whatever is no origin is refused.
 *
 * @param https - Whether this server itself speaks TLS.
 */
export function isAllowedOrigin(
  origin: string,
  host: Host,
  allowedOrigins: readonly string[],
  https: boolean,
): boolean {
  return isSameOrigin(origin, host, https) || isListedOrigin(origin, allowedOrigins);
}

/** Whether the origin is the server's own, addressed as `host`; default ports are normalised. */
export function isSameOrigin(origin: string, host: Host, https: boolean): boolean {
  const page = parseOrigin(origin);
  if (page === undefined || page.host.name !== host.name) return false;
  return page.port === (host.port ?? defaultPort(page, https));
}

/** Whether the origin is one of the list, where `*` stands for all, `null` included. */
function isListedOrigin(origin: string, allowedOrigins: readonly string[]): boolean {
  if (allowedOrigins.includes('*')) return true;
  const page = parseOrigin(origin);
  return page !== undefined && allowedOrigins.includes(serialize(page));
}

/**
 * Checks a list of origins once, at registration.
 *
 * @throws InvalidOptionError for an entry that is neither `*` nor `scheme://host[:port]`.
 */
export function parseAllowedOrigins(
  list: readonly string[],
  option = 'allowedOrigins',
): readonly string[] {
  return listOption(option, list).map((entry) => {
    if (entry === '*') return entry;
    const origin = parseOrigin(entry);
    if (origin !== undefined) return serialize(origin);
    throw new InvalidOptionError(
      option,
      `must list origins such as "https://app.example.com:8443", without a path, or "*", not ${JSON.stringify(entry)}`,
    );
  });
}

// Not `new URL`: it forgives spaces, credentials and paths, and an origin has none of them.
function parseOrigin(text: string): Origin | undefined {
  const parts = /^(https?):\/\/(\S+)$/i.exec(text);
  const host = parseHost(parts?.[2] ?? '');
  if (host === undefined) return undefined;
  const scheme = parts?.[1]?.toLowerCase() === 'https' ? 'https' : 'http';
  return { scheme, host, port: host.port ?? DEFAULT_PORTS[scheme] };
}

function defaultPort(page: Origin, https: boolean): number {
  if (https) return DEFAULT_PORTS.https;
  // A public name may reach us through a tunnel that ends TLS; this machine's own names do not.
  const isOwn = page.host.isAddress || isLocalName(page.host.name);
  return isOwn ? DEFAULT_PORTS.http : DEFAULT_PORTS[page.scheme];
}

function serialize({ scheme, host, port }: Origin): string {
  return `${scheme}://${host.name}${port === DEFAULT_PORTS[scheme] ? '' : `:${port}`}`;
}
