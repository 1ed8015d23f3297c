import { isLoopback } from './loopback.ts';
import type { Passage } from './passage.ts';
import { pathHere } from './rule.ts';

/**
 * A Set-Cookie of the upstream as one of this server. Attributes that nobody needs to change, and
 * the name and the value in any case, stay as they were written.
 */
export function rewriteCookie(cookie: string, passage: Passage): string {
  const [pair = '', ...attributes] = cookie.split(';');
  const isSecure = passage.origin.startsWith('https:') || isBoundToSecure(pair);
  const rewritten = attributes.map((attribute) => {
    const [name = '', value = ''] = attribute.split(/=(.*)/s).map((part) => part.trim());
    switch (name.toLowerCase()) {
      case 'domain':
        return coversUpstream(value, passage) ? undefined : attribute;
      case 'path':
        // "/" stays: scripts of pages beside the proxied path may want to read the cookie.
        return value === '/' ? attribute : ` Path=${pathHere(value, passage.mapping) ?? value}`;
      case 'secure':
      case 'partitioned':
        return isSecure ? attribute : undefined;
      case 'samesite':
        // Browsers refuse "None" on a cookie that is not "Secure"; "Lax" is their default.
        return isSecure || value.toLowerCase() !== 'none' ? attribute : ' SameSite=Lax';
      default:
        return attribute;
    }
  });
  return [pair, ...rewritten].filter((part) => part !== undefined).join(';');
}

/**
 * Browsers refuse such a name without "Secure", and take it with it from http://localhost: to
 * leave it alone is the one chance.
 */
function isBoundToSecure(pair: string): boolean {
  return /^\s*__(?:Secure|Host(?:-Http)?|Http)-/i.test(pair);
}

/** "The domain string is a suffix of the string" (RFC 6265, 5.1.3); a leading dot is ignored. */
function coversUpstream(domain: string, { destination }: Passage): boolean {
  const name = domain.replace(/^\./, '').toLowerCase();
  // A backend of this machine may know itself by another name than its target has.
  if (destination.isLoopback && isLoopback(name)) return true;
  return name === destination.hostname || destination.hostname.endsWith(`.${name}`);
}
