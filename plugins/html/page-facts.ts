import { declaredCharset } from './charset.ts';
import { findPlace, type Place } from './find-place.ts';
import { KnownPages } from './known-pages.ts';

/** What the bytes of a whole page tell. */
export interface PageFacts {
  /** The charset that it gives itself. */
  readonly charset: string | undefined;
  /** Where a tag goes, unless a header says that the page is UTF-16. */
  readonly place: Place | undefined;
}

const knownPages = new KnownPages<PageFacts>((page) => ({
  charset: declaredCharset(page),
  place: findPlace(page, 'ascii'),
}));

/** Reads them, but of pages that it has been asked about lately. */
export function factsOf(page: Buffer): PageFacts {
  return knownPages.find(page);
}
