import { firstDirective, parsePolicies } from './policy-directives.ts';

const NONCE = /^[A-Za-z0-9+/_-]+={0,2}$/;
const NONCE_SOURCE = /^'nonce-(.+)'$/i;
/** The directives that rule `<script>` elements. */
export const SCRIPT_DIRECTIVES = ['script-src-elem', 'script-src', 'default-src'] as const;

/** Passes on a nonce of base64 or base64url characters; nothing else may enter an attribute. */
export function validNonce(nonce: string | undefined): string | undefined {
  return nonce !== undefined && NONCE.test(nonce) ? nonce : undefined;
}

/** The nonce of a source such as `'nonce-YWJj'`. */
export function nonceOfSource(source: string): string | undefined {
  return NONCE_SOURCE.exec(source)?.[1];
}

/**
 * Finds the nonce that allows a script element, in one policy or a comma-separated list.
 *
 * @param policies - the value of a Content-Security-Policy header or of a meta tag's content
 */
export function nonceOfPolicy(policies: string): string | undefined {
  for (const directives of parsePolicies(policies)) {
    for (const source of firstDirective(directives, SCRIPT_DIRECTIVES)?.sources ?? []) {
      const nonce = validNonce(nonceOfSource(source));
      if (nonce !== undefined) return nonce;
    }
  }
  return undefined;
}
