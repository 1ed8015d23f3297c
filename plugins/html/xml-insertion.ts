import { byteOrderMark, type Encoding, encodeAscii, unitAt } from './code-units.ts';
import type { InsertOptions, Snippet } from './head-insertion.ts';
import { NONCE_SEARCH_LIMIT } from './head-search.ts';
import { validNonce } from './policy.ts';
import { XmlScanner } from './xml-scanner.ts';

const NAMESPACE = 'xmlns="http://www.w3.org/1999/xhtml"';

/**
 * Puts one tag into an XHTML or SVG document that arrives in pieces: first in the head if there is
 * one, else first in the root element.
 */
export class XmlInsertion {
  readonly #snippet: Snippet;
  readonly #options: InsertOptions;
  readonly #scanner = new XmlScanner();

  #encoding: Encoding | undefined;
  #held: Buffer = Buffer.alloc(0);
  // Offsets into #held: the next unit to read, and the place.
  #next = 0;
  #place: number | undefined;
  #isDone = false;
  #isInserted = false;

  constructor(snippet: Snippet, options: InsertOptions = {}) {
    this.#snippet = snippet;
    this.#options = options;
  }

  get isInserted(): boolean {
    return this.#isInserted;
  }

  /** Takes the next bytes of the document, returns what may go on. */
  push(chunk: Buffer): Buffer[] {
    if (this.#isDone) return [chunk];
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    if (!this.#read(false)) return [];
    if (this.#isDone) return this.#release();
    return this.#place === undefined ? [this.#passOn(this.#next)] : [];
  }

  /** Tells that the document is over, returns the rest of it. */
  end(): Buffer[] {
    if (this.#isDone) return [];
    this.#read(true);
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
      const unit = unitAt(this.#held, this.#next, this.#encoding);
      this.#next += size;
      this.#readUnit(unit);
    }
    return true;
  }

  #readUnit(unit: number): void {
    const signal = this.#scanner.push(unit);
    const { name, isEmpty } = this.#scanner;
    if (unit === 0) {
      // No character of XML: an encoding that was not told, where a tag in ASCII is no tag.
      this.#place = undefined;
      this.#isDone = true;
    } else if (this.#place === undefined) {
      if (signal === 'tag' && !isEmpty) this.#place = this.#next;
      this.#isDone = signal !== undefined && (isEmpty || signal === 'other' || name !== 'html');
    } else {
      if (signal === 'tag' && name === 'head' && !isEmpty) this.#place = this.#next;
      this.#isDone = signal !== undefined || this.#next - this.#place >= NONCE_SEARCH_LIMIT;
    }
  }

  #passOn(length: number): Buffer {
    const passed = this.#held.subarray(0, length);
    this.#held = this.#held.subarray(length);
    this.#next -= length;
    return passed;
  }

  #release(): Buffer[] {
    this.#isDone = true;
    const place = this.#place;
    if (place === undefined) return [this.#passOn(this.#held.length)];
    this.#isInserted = true;
    const before = this.#passOn(place);
    return [before, encodeAscii(this.#tag(), this.#encoding ?? 'ascii'), this.#held];
  }

  /** In SVG, and where the elements of XHTML have a prefix, a `<script>` is none without this. */
  #tag(): string {
    const tag = this.#snippet(validNonce(this.#options.nonce));
    return tag.replace(/^<[a-z]+/, (start) => `${start} ${NAMESPACE}`);
  }
}
