import { isIPv4, isIPv6 } from 'node:net';
import { InvalidOptionError } from '../errors.ts';
import { listOption } from '../options.ts';

/** A host as a Host header or an origin names it. */
export interface Host {
  /** Lower case, without a trailing dot; an IPv6 address keeps its brackets. */
  readonly name: string;
  readonly port: number | undefined;
  readonly isAddress: boolean;
}

/** Exact names and `.example.com` suffixes in lower case, or `true` for every host. */
export type AllowedHosts = readonly string[] | true;

/** What `true` means. */
export const ANY_HOST_WARNING =
  'allowedHosts is true: DNS rebinding lets any website read this server';

// 253 octets of a name, a trailing dot, `:65535`.
const LONGEST_HOST = 260;
const LABELS = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/;

/** Reads `uri-host [ ":" port ]` (RFC 9110, 7.2); anything else is `undefined`, never an error. */
export function parseHost(text: string): Host | undefined {
  if (text.length > LONGEST_HOST) return undefined;
  const parts = /^(\[[^\]]*\]|[^:]*)(?::(\d{0,5}))?$/.exec(text.trim().toLowerCase());
  const name = parts?.[1]?.replace(/\.$/, '');
  if (name === undefined || !isHostName(name)) return undefined;
  // "port = *DIGIT": the port may be empty.
  const port = parts?.[2] ? Number(parts[2]) : undefined;
  if (port !== undefined && port > 65_535) return undefined;
  return { name, port, isAddress: isAddress(name) };
}

/** Whether the name is this machine's by definition: "localhost." and below (RFC 6761, 6.3). */
export function isLocalName(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost');
}

/**
 * Whether a request for this host is meant for us. Addresses pass: DNS rebinding needs a name.
 */
export function isAllowedHost(host: Host, allowedHosts: AllowedHosts): boolean {
  if (allowedHosts === true || host.isAddress || isLocalName(host.name)) return true;
  return allowedHosts.some((allowed) =>
    allowed.startsWith('.')
      ? host.name === allowed.slice(1) || host.name.endsWith(allowed)
      : host.name === allowed,
  );
}

/**
 * Checks a list of hosts once, at registration.
 *
 * @throws InvalidOptionError for an entry with a scheme, a port, a `*` or a bare top-level domain.
 */
export function parseAllowedHosts(list: AllowedHosts, option = 'allowedHosts'): AllowedHosts {
  return list === true || listOption(option, list).map((entry) => parseEntry(entry, option));
}

function parseEntry(entry: string, option: string): string {
  const isSuffix = entry.startsWith('.');
  const host = parseHost(isSuffix ? entry.slice(1) : entry);
  if (host === undefined || host.port !== undefined || entry.endsWith(':')) {
    throw new InvalidOptionError(
      option,
      `must list host names without scheme, port or "*", such as "dev.example.com" or ".example.com", not ${JSON.stringify(entry)}`,
    );
  }
  if (isSuffix && (host.isAddress || !host.name.includes('.'))) {
    throw new InvalidOptionError(
      option,
      `must not open a whole top-level domain or address: write more than ${JSON.stringify(entry)}`,
    );
  }
  return isSuffix ? `.${host.name}` : host.name;
}

function isHostName(name: string): boolean {
  return name.startsWith('[') ? isAddress(name) : name.length <= 253 && LABELS.test(name);
}

function isAddress(name: string): boolean {
  // A zone ("%eth0") has no place in a Host header, yet isIPv6 takes it.
  return name.startsWith('[') ? !name.includes('%') && isIPv6(name.slice(1, -1)) : isIPv4(name);
}
