import type { Encoding } from './code-units.ts';
import { HeadSearch } from './head-search.ts';

/** Where a tag goes in a page, and what of the page decides on the tag. */
export interface Place {
  /** In bytes from the start of the page. */
  readonly offset: number;
  readonly encoding: Encoding;
  /** Whether what is in front of it shows that the page is a document, not a fragment. */
  readonly isDocument: boolean;
  /** The nonce that the head of the page tells. */
  readonly nonce: string | undefined;
}

const SEARCHED_BYTES = 64 * 1024;
/** In any encoding; no character reference is one in what is read of a policy. */
const NONCE = /n\0?o\0?n\0?c\0?e/i;

/**
 * Finds the place of a tag in a whole page; undefined in one that has none.
 *
 * @param encoding of a page that has no byte order mark
 */
export function findPlace(page: Buffer, encoding: Encoding): Place | undefined {
  const search = new HeadSearch({ encoding, hasNoNonce: hasNoNonce(page) });
  search.read(page, 0, true);
  const { place: offset, isDocument, nonce } = search;
  return offset === undefined
    ? undefined
    : { offset, isDocument, nonce, encoding: search.encoding };
}

/** To read through a head takes a hundred times as long as to see that the word is not in it. */
function hasNoNonce(page: Buffer): boolean {
  return page.length <= SEARCHED_BYTES && !NONCE.test(page.toString('latin1'));
}
