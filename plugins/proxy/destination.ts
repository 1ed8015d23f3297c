import { isIP } from 'node:net';
import { isLoopback } from './loopback.ts';

/** Where the upstream is, taken from the URL once. */
export interface Destination {
  /** `http://127.0.0.1:8000`, as it may be shown: no user, no password. */
  readonly origin: string;
  readonly https: boolean;
  /** For a Host header: `127.0.0.1:8000`. */
  readonly host: string;
  /** For a connection: an IPv6 address without brackets. */
  readonly hostname: string;
  readonly port: number;
  readonly isLoopback: boolean;
  /** The name that TLS asks for; '' for an address, which is no name. */
  readonly serverName: string;
  /** An Authorization header of the user and the password in the URL. */
  readonly authorization: string | undefined;
}

export function destinationOf(target: URL): Destination {
  const https = target.protocol === 'https:';
  const hostname = target.hostname.replace(/^\[|\]$/g, '');
  return {
    origin: target.origin,
    https,
    host: target.host,
    hostname,
    port: Number(target.port) || (https ? 443 : 80),
    isLoopback: isLoopback(target.hostname),
    serverName: isIP(hostname) === 0 ? hostname : '',
    authorization: authorizationOf(target),
  };
}

function authorizationOf({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  const credentials = `${decoded(username)}:${decoded(password)}`;
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}

/** A URL may hold a "%" that encodes nothing. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
