import type { IncomingHttpHeaders } from 'node:http';

export type Headers = Record<string, string | string[]>;

const HOP_BY_HOP = new Set([
  'connection',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Headers for the other end: not those of one connection, nor those that `Connection` lists. */
export function endToEnd(headers: IncomingHttpHeaders): Headers {
  // "Intermediaries MUST parse a received Connection header field before a message is forwarded"
  // (RFC 9110, 7.6.1).
  const listed = new Set(
    String(headers.connection ?? '')
      .toLowerCase()
      .split(/[\s,]+/),
  );
  const kept: Headers = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || name.startsWith(':') || listed.has(name)) continue;
    if (!HOP_BY_HOP.has(dashed(name))) kept[name] = value;
  }
  return kept;
}

/** Servers that hand headers on as variables (CGI, WSGI) take "_" and "-" for the same. */
export function dashed(name: string): string {
  return name.replaceAll('_', '-');
}
