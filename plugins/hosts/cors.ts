import { InvalidOptionError } from '../errors.ts';
import { parseAllowedOrigins } from './origin.ts';

/** Which origins may read responses: those of this machine, or those of a list. */
export type CorsRule = 'local' | readonly string[];

/** What a request says about the page behind it. */
export interface CorsClaims {
  readonly origin: string | undefined;
  readonly referer: string | undefined;
}

const LOCAL = /^https?:\/\/(?:(?:[a-z0-9_-]+\.)*localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/;

/**
 * Checks the option once, at registration.
 *
 * @throws InvalidOptionError for an entry that is neither an origin nor `*`
 */
export function parseCors(value: boolean | readonly string[]): CorsRule | undefined {
  if (value === true) return 'local';
  if (value === false) return undefined;
  if (Array.isArray(value)) return parseAllowedOrigins(value, 'cors');
  throw new InvalidOptionError('cors', 'must be true, false or an array of origins');
}

/** The value of Access-Control-Allow-Origin for a page of this origin, if it may read at all. */
export function grantTo(origin: string | undefined, rule: CorsRule): string | undefined {
  if (origin === undefined) return undefined;
  if (rule === 'local') return LOCAL.test(origin) ? origin : undefined;
  if (rule.includes('*')) return '*';
  return rule.includes(origin) ? origin : undefined;
}

/**
 * Whether a page may show the response as an image or run it as a script. Such requests have no
 * Origin; a page can hide its Referer, but not forge it.
 */
export function mayEmbed({ origin, referer = '' }: CorsClaims, rule: CorsRule): boolean {
  if (rule.includes('*')) return true;
  const page = origin ?? (URL.canParse(referer) ? new URL(referer).origin : undefined);
  return grantTo(page, rule) !== undefined;
}
