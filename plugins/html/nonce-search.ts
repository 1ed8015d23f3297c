import { nonceOfPolicy, validNonce } from './policy.ts';
import type { Signal, Tokenizer } from './tokenizer.ts';

const QUOTE_REFERENCE = /&(?:apos|#0*39|#x0*27);/gi;

/** Looks through a page's head for the nonce that a script needs there. */
export class NonceSearch {
  /** What was found so far. */
  nonce: string | undefined;

  /** Takes what the tokenizer said; returns true when the search is over. */
  push(signal: Signal, tokenizer: Tokenizer): boolean {
    if (signal === 'end') return tokenizer.name === 'head';
    if (signal !== 'tag' && signal !== 'start') return false;
    if (tokenizer.name === 'body') return true;
    if (signal === 'start') return false;
    const nonce = nonceOfTag(tokenizer);
    if (nonce === undefined) return false;
    // A policy may give styles another nonce than scripts: a script's own ends the search.
    const isForScripts = tokenizer.name === 'script' || tokenizer.name === 'meta';
    if (isForScripts) this.nonce = nonce;
    else this.nonce ??= nonce;
    return isForScripts;
  }
}

function nonceOfTag({ name, attributes }: Tokenizer): string | undefined {
  if (name !== 'meta') return validNonce(attributes.get('nonce')?.trim());
  if (attributes.get('http-equiv')?.toLowerCase() !== 'content-security-policy') return undefined;
  return nonceOfPolicy((attributes.get('content') ?? '').replace(QUOTE_REFERENCE, "'"));
}
