import { type Encoding, encodeAscii } from './code-units.ts';
import { HeadSearch } from './head-search.ts';
import { validNonce } from './policy.ts';

/** Writes the whole tag, in ASCII; the nonce is safe to stand in a quoted attribute. */
export type Snippet = (nonce: string | undefined) => string;

export interface InsertOptions {
  /** The nonce for the tag. @default the one that the head of the page tells, if any */
  nonce?: string | undefined;
  /** Whether only a page with a doctype or a tag of a document gets the tag. @default false */
  documentsOnly?: boolean | undefined;
  /** The encoding of a page that has no byte order mark. @default 'ascii', or a superset of it */
  encoding?: Encoding | undefined;
  /** Whether the page is XML: the tag has to be well-formed, and gets the XHTML namespace. @default false */
  isXml?: boolean | undefined;
}

/** Puts one tag into a page that arrives in pieces; how it is cut never changes the bytes. */
export class HeadInsertion {
  readonly #snippet: Snippet;
  readonly #nonce: string | undefined;
  readonly #search: HeadSearch;

  #held: Buffer = Buffer.alloc(0);
  /** How much of the page has gone on. */
  #start = 0;
  #isDone = false;

  constructor(snippet: Snippet, options: InsertOptions = {}) {
    this.#snippet = snippet;
    this.#nonce = validNonce(options.nonce);
    this.#search = new HeadSearch({ ...options, hasNoNonce: this.#nonce !== undefined });
  }

  /** How many bytes are held back: a few before the place, 16 KiB at most behind it. */
  get heldLength(): number {
    return this.#held.length;
  }

  /** Takes the next bytes of the page, returns what may go on. */
  push(chunk: Buffer): Buffer[] {
    if (this.#isDone) return [chunk];
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    this.#search.read(this.#held, this.#start, false);
    return this.#search.isDone ? this.#release() : [this.#passOn(this.#search.passed)];
  }

  /** Tells that the page is over, returns the rest of it. */
  end(): Buffer[] {
    if (this.#isDone) return [];
    this.#search.read(this.#held, this.#start, true);
    return this.#release();
  }

  /** @param end where what goes on ends, counted from the start of the page */
  #passOn(end: number): Buffer {
    const length = end - this.#start;
    const passed = this.#held.subarray(0, length);
    this.#held = this.#held.subarray(length);
    this.#start = end;
    return passed;
  }

  #release(): Buffer[] {
    this.#isDone = true;
    const { place, nonce, encoding } = this.#search;
    const end = this.#start + this.#held.length;
    if (place === undefined) return [this.#passOn(end)];
    const tag = encodeAscii(this.#snippet(this.#nonce ?? nonce), encoding);
    return [this.#passOn(place), tag, this.#passOn(end)];
  }
}
