import { declaredCharset } from './charset.ts';
import { findPlace, type Place } from './find-place.ts';

/** Pages that are remembered, of this many bytes at most. */
const PAGES = 16;
const LONGEST = 64 * 1024;

/** What the bytes of a whole page tell, each read when it is first asked for. */
export class PageFacts {
  readonly #page: Buffer;
  #charset: { readonly found: string | undefined } | undefined;
  #place: { readonly found: Place | undefined } | undefined;

  constructor(page: Buffer) {
    this.#page = page;
  }

  /** The charset that the page gives itself. */
  get charset(): string | undefined {
    this.#charset ??= { found: declaredCharset(this.#page) };
    return this.#charset.found;
  }

  /** Where a tag goes, unless a header says that the page is UTF-16. */
  get place(): Place | undefined {
    this.#place ??= { found: findPlace(this.#page, 'ascii') };
    return this.#place.found;
  }

  isOf(page: Buffer): boolean {
    return this.#page.equals(page);
  }
}

/** Those of the last pages, by their lengths. */
const known = new Map<number, PageFacts>();

/**
 * Most pages are asked for again as they were: then all that is known of them holds. Byte for byte,
 * since no time or size of a file proves that it is the same.
 */
export function factsOf(page: Buffer): PageFacts {
  const { length } = page;
  const remembered = known.get(length);
  if (remembered?.isOf(page)) return remembered;
  if (length > LONGEST) return new PageFacts(page);
  // A copy: what is on its way belongs to others, who may write to it.
  const facts = new PageFacts(Buffer.from(page));
  known.delete(length);
  known.set(length, facts);
  const [oldest = length] = known.keys();
  if (known.size > PAGES) known.delete(oldest);
  return facts;
}
