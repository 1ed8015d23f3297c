import { nonceOfSource } from './policy.ts';

const NETWORK_SCHEMES = ['http:', 'https:', 'ws:', 'wss:'];
const DEFAULT_PORTS: Readonly<Record<string, string>> = {
  'http:': '80',
  'ws:': '80',
  'https:': '443',
  'wss:': '443',
};
/** Browsers keep to this part of "scheme-part matches": `ws:` stands for no page or script. */
const SAFER_SCHEMES: Readonly<Record<string, readonly string[]>> = {
  'http:': ['https:', 'ws:', 'wss:'],
  'https:': ['wss:'],
  'ws:': ['wss:'],
};
const HOST_SOURCE =
  /^(?:([a-z][a-z0-9+.-]*):\/\/)?(\*|(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?)(?::(\d+|\*))?(\/[^?#]*)?$/i;

/** Whether a source list allows this script element (CSP3, "Script directives pre-request check"). */
export function allowsScript(
  sources: readonly string[],
  script: URL,
  self: URL,
  nonce: string | undefined,
): boolean {
  // Nonces are compared as they are, keywords without regard to case.
  if (nonce !== undefined && sources.some((source) => nonceOfSource(source) === nonce)) return true;
  // "If the request's parser metadata is "parser-inserted", return "Blocked"."
  if (sources.some((source) => source.toLowerCase() === "'strict-dynamic'")) return false;
  return allowsUrl(sources, script, self);
}

/** Whether a source list matches a URL that a page of the origin `self` asks for. */
export function allowsUrl(sources: readonly string[], url: URL, self: URL): boolean {
  return sources.some((source) => matchesSource(source.toLowerCase(), source, url, self));
}

function matchesSource(lowered: string, source: string, url: URL, self: URL): boolean {
  if (lowered === '*') return NETWORK_SCHEMES.includes(url.protocol) || isScheme(self, url);
  if (/^[a-z][a-z0-9+.-]*:$/.test(lowered)) return schemeMatches(lowered, url.protocol);
  if (lowered === "'self'") return isSelf(url, self);
  const [, scheme, host = '', port = '', path = ''] = HOST_SOURCE.exec(source) ?? [];
  if (host === '') return false;
  return (
    schemeMatches(
      scheme === undefined ? self.protocol : `${scheme.toLowerCase()}:`,
      url.protocol,
    ) &&
    hostMatches(host.toLowerCase(), url.hostname) &&
    portMatches(port, url) &&
    pathMatches(path, url.pathname)
  );
}

function isScheme(self: URL, url: URL): boolean {
  return self.protocol === url.protocol;
}

function isSelf(url: URL, self: URL): boolean {
  const hasPort = url.port === self.port;
  return url.hostname === self.hostname && hasPort && schemeMatches(self.protocol, url.protocol);
}

/** "A is "http" and B is "https"", and the like: the safe form is as good. */
function schemeMatches(wanted: string, actual: string): boolean {
  if (wanted === actual) return true;
  return (SAFER_SCHEMES[wanted] ?? []).includes(actual);
}

function hostMatches(pattern: string, host: string): boolean {
  if (pattern === '*') return true;
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern;
}

function portMatches(pattern: string, url: URL): boolean {
  if (pattern === '*') return true;
  const standard = DEFAULT_PORTS[url.protocol] ?? '';
  return (pattern || standard) === (url.port || standard);
}

/** "If A's last character is "/"", it is a folder; else it is exactly the path. */
function pathMatches(pattern: string, path: string): boolean {
  if (pattern === '' || pattern === '/') return true;
  return pattern.endsWith('/') ? path.startsWith(pattern) : path === pattern;
}
