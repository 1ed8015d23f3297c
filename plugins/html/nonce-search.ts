import { nonceOfPolicy, validNonce } from './policy.ts';
import type { Signal, Tokenizer } from './tokenizer.ts';

const QUOTE_REFERENCE = /&(?:apos|#0*39|#x0*27);/gi;
// "in head": "Anything else: Pop the current node (which will be the head element)".
const HEAD_TAGS = new Set(
  'html head base basefont bgsound link meta noframes noscript script style template title'.split(
    ' ',
  ),
);
const ACTING_END_TAGS = new Set(['head', 'body', 'html', 'br']);

/** Looks through a page's head, which may end without a tag, for the nonce that a script needs. */
export class NonceSearch {
  /** What was found so far. */
  nonce: string | undefined;

  #openTemplates = 0;

  /** Takes what the tokenizer said; returns true when the search is over. */
  push(signal: Signal, tokenizer: Tokenizer): boolean {
    // Anything may stand in a template, and none of it is in the document.
    if (this.#openTemplates > 0) {
      this.#countTemplates(signal, tokenizer);
      return false;
    }
    const { name } = tokenizer;
    if (signal === 'text') return true;
    if (signal === 'end') return ACTING_END_TAGS.has(name);
    if (signal !== 'tag' && signal !== 'start') return false;
    if (!HEAD_TAGS.has(name)) return true;
    if (signal === 'start') return false;
    this.#countTemplates(signal, tokenizer);
    return this.#take(tokenizer);
  }

  #countTemplates(signal: Signal, { name }: Tokenizer): void {
    if (name !== 'template') return;
    if (signal === 'tag') this.#openTemplates += 1;
    if (signal === 'end') this.#openTemplates -= 1;
  }

  #take(tokenizer: Tokenizer): boolean {
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
