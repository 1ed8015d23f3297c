import { byteOrderMark, type Encoding, encodeAscii, unitAt } from './code-units.ts';
import { HeadFinder } from './head-finder.ts';
import { NonceSearch } from './nonce-search.ts';
import { validNonce } from './policy.ts';
import { Tokenizer } from './tokenizer.ts';

/** Writes the whole tag, in ASCII; the nonce is safe to stand in a quoted attribute. */
export type Snippet = (nonce: string | undefined) => string;

export interface InsertOptions {
  /** The nonce for the tag. @default the one that the head of the page tells, if any */
  nonce?: string | undefined;
  /** Whether only a page with a doctype or a tag of a document gets the tag. @default false */
  documentsOnly?: boolean | undefined;
  /** Whether the page is known to tell no nonce: then none is looked for. @default false */
  hasNoNonce?: boolean | undefined;
  /** The encoding of a page that has no byte order mark. @default 'ascii', or a superset of it */
  encoding?: Encoding | undefined;
  /** Whether the page is XML: the tag has to be well-formed, and gets the XHTML namespace. @default false */
  isXml?: boolean | undefined;
}

/** How many bytes behind the place are held back in search of a nonce. */
export const NONCE_SEARCH_LIMIT = 16_384;

/** Puts one tag into a page that arrives in pieces; how it is cut never changes the bytes. */
export class HeadInsertion {
  readonly #snippet: Snippet;
  readonly #options: InsertOptions;
  readonly #tokenizer = new Tokenizer();
  readonly #finder = new HeadFinder();
  readonly #search = new NonceSearch();

  #encoding: Encoding | undefined;
  #held: Buffer = Buffer.alloc(0);
  // Offsets into #held: the next unit to read, the last undecided `<`, and the place.
  #next = 0;
  #open: number | undefined;
  #place: number | undefined;
  #isDone = false;
  #isInserted = false;

  constructor(snippet: Snippet, options: InsertOptions = {}) {
    this.#snippet = snippet;
    this.#options = { ...options, nonce: validNonce(options.nonce) };
  }

  get isInserted(): boolean {
    return this.#isInserted;
  }

  /** How many bytes are held back: a few before the place, 16 KiB at most behind it. */
  get heldLength(): number {
    return this.#held.length;
  }

  /** Takes the next bytes of the page, returns what may go on. */
  push(chunk: Buffer): Buffer[] {
    if (this.#isDone) return [chunk];
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    if (!this.#read(false)) return [];
    if (this.#isDone) return this.#release();
    return [this.#passOn(this.#place ?? this.#open ?? this.#next)];
  }

  /** Tells that the page is over, returns the rest of it. */
  end(): Buffer[] {
    if (this.#isDone) return [];
    this.#read(true);
    if (this.#isDone) return this.#release();
    // Markup that is never closed, such as a comment, would swallow the tag.
    const end = this.#tokenizer.isInData ? this.#next : undefined;
    this.#place ??= this.#accepted(this.#open ?? end);
    return this.#release();
  }

  #read(isEnd: boolean): boolean {
    if (this.#encoding === undefined) {
      const mark = byteOrderMark(this.#held, isEnd);
      if (mark === undefined) return false;
      this.#encoding = mark.encoding ?? this.#options.encoding ?? 'ascii';
      this.#next = mark.length;
    }
    const size = this.#encoding === 'ascii' ? 1 : 2;
    while (!this.#isDone && this.#next + size <= this.#held.length) {
      this.#readUnit(unitAt(this.#held, this.#next, this.#encoding), size);
    }
    return true;
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
    const isSearched = this.#search.push(signal, this.#tokenizer);
    if (isSearched || this.#next - this.#place >= NONCE_SEARCH_LIMIT) this.#isDone = true;
  }

  #found(place: number): void {
    this.#place = this.#accepted(place);
    const { nonce, hasNoNonce = false } = this.#options;
    this.#isDone = this.#place === undefined || nonce !== undefined || hasNoNonce;
  }

  #accepted(place: number | undefined): number | undefined {
    return this.#options.documentsOnly && !this.#finder.isDocument ? undefined : place;
  }

  #passOn(length: number): Buffer {
    const passed = this.#held.subarray(0, length);
    this.#held = this.#held.subarray(length);
    this.#next -= length;
    if (this.#open !== undefined) this.#open -= length;
    if (this.#place !== undefined) this.#place -= length;
    return passed;
  }

  #release(): Buffer[] {
    this.#isDone = true;
    const place = this.#place;
    if (place === undefined) return [this.#passOn(this.#held.length)];
    this.#isInserted = true;
    const tag = this.#snippet(this.#options.nonce ?? this.#search.nonce);
    const before = this.#passOn(place);
    return [before, encodeAscii(tag, this.#encoding ?? 'ascii'), this.#passOn(this.#held.length)];
  }
}
