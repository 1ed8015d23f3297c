import { byteOrderMark, type Encoding, unitAt } from './code-units.ts';
import { HeadFinder } from './head-finder.ts';
import { NonceSearch } from './nonce-search.ts';
import { Tokenizer } from './tokenizer.ts';

export interface SearchOptions {
  /** Whether only a page with a doctype or a tag of a document has a place. @default false */
  readonly documentsOnly?: boolean | undefined;
  /** Whether no nonce is to be looked for behind the place. @default false */
  readonly hasNoNonce?: boolean | undefined;
  /** The encoding of a page that has no byte order mark. @default 'ascii', or a superset of it */
  readonly encoding?: Encoding | undefined;
}

/** How many bytes behind the place are read in search of a nonce. */
export const NONCE_SEARCH_LIMIT = 16_384;

/** Looks for the place of a tag in a page that arrives in pieces. All offsets count from its start. */
export class HeadSearch {
  readonly #options: SearchOptions;
  readonly #tokenizer = new Tokenizer();
  readonly #finder = new HeadFinder();
  readonly #nonces = new NonceSearch();

  #encoding: Encoding | undefined;
  // The next unit to read, the last undecided `<`, and the place.
  #next = 0;
  #open: number | undefined;
  #place: number | undefined;
  #isDone = false;

  constructor(options: SearchOptions = {}) {
    this.#options = options;
  }

  /** Whether no more of the page need be read. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** Where the tag goes, once that is known, or the search is done. */
  get place(): number | undefined {
    return this.#place;
  }

  /** Up to where the page has been read, and can have no place any more. */
  get passed(): number {
    if (this.#encoding === undefined) return 0;
    return this.#place ?? this.#open ?? this.#next;
  }

  /** The nonce that the head of the page tells, as far as it has been read. */
  get nonce(): string | undefined {
    return this.#nonces.nonce;
  }

  get encoding(): Encoding {
    return this.#encoding ?? 'ascii';
  }

  /** Whether what is in front of the place shows that the page is a document, not a fragment. */
  get isDocument(): boolean {
    return this.#finder.isDocument;
  }

  /**
   * Reads on.
   *
   * @param bytes from `start` on, which has been passed, all that there is of the page by now
   * @param isEnd whether that is all of it; then the search is done
   */
  read(bytes: Buffer, start: number, isEnd: boolean): void {
    this.#readUnits(bytes, start, isEnd);
    if (!isEnd || this.#isDone) return;
    // Markup that is never closed, such as a comment, would swallow the tag.
    const end = this.#tokenizer.isInData ? this.#next : undefined;
    this.#place ??= this.#accepted(this.#open ?? end);
    this.#isDone = true;
  }

  #readUnits(bytes: Buffer, start: number, isEnd: boolean): void {
    if (this.#encoding === undefined) {
      const mark = byteOrderMark(bytes, isEnd);
      if (mark === undefined) return;
      this.#encoding = mark.encoding ?? this.#options.encoding ?? 'ascii';
      this.#next = mark.length;
    }
    const size = this.#encoding === 'ascii' ? 1 : 2;
    const end = start + bytes.length;
    while (!this.#isDone && this.#next + size <= end) {
      this.#readUnit(unitAt(bytes, this.#next - start, this.#encoding), size);
    }
  }

  #readUnit(unit: number, size: number): void {
    const start = this.#next;
    const signal = this.#tokenizer.push(unit);
    this.#next += size;
    if (this.#place === undefined && signal !== undefined) {
      const found = this.#finder.push(signal, this.#tokenizer);
      if (signal === 'open') this.#open = start;
      else if (found !== undefined)
        this.#found(found === 'inside' ? this.#next : (this.#open ?? start));
      else this.#open = undefined;
    }
    if (this.#place === undefined) return;
    const isSearched = this.#nonces.push(signal, this.#tokenizer);
    if (isSearched || this.#next - this.#place >= NONCE_SEARCH_LIMIT) this.#isDone = true;
  }

  #found(place: number): void {
    this.#place = this.#accepted(place);
    this.#isDone = this.#place === undefined || this.#options.hasNoNonce === true;
  }

  #accepted(place: number | undefined): number | undefined {
    return this.#options.documentsOnly && !this.#finder.isDocument ? undefined : place;
  }
}
