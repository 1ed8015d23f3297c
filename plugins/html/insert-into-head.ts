import { Transform, type TransformCallback } from 'node:stream';
import { toError } from '../to-error.ts';
import { HeadInsertion, type InsertOptions, type Snippet } from './head-insertion.ts';
import { XmlInsertion } from './xml-insertion.ts';

const SEARCHED_BYTES = 64 * 1024;
/** In any encoding; no character reference is one in what is read of a policy. */
const NONCE = /n\0?o\0?n\0?c\0?e/i;

/**
 * Puts a tag where the head of the page begins, all other bytes untouched and never decoded.
 *
 * @returns the page itself when it has no place for the tag
 */
export function insertIntoHead(page: Buffer, snippet: Snippet, options?: InsertOptions): Buffer {
  const insertion = insertionOf(snippet, { ...options, hasNoNonce: hasNoNonce(page) });
  const pieces = [...insertion.push(page), ...insertion.end()];
  return insertion.isInserted ? Buffer.concat(pieces) : page;
}

/** To read through a head takes a hundred times as long as to see that the word is not in it. */
function hasNoNonce(page: Buffer): boolean {
  return page.length <= SEARCHED_BYTES && !NONCE.test(page.toString('latin1'));
}

/** The same for a page that is streamed, in constant memory. */
export class HeadInserter extends Transform {
  readonly #insertion: HeadInsertion | XmlInsertion;

  constructor(snippet: Snippet, options?: InsertOptions) {
    super();
    this.#insertion = insertionOf(snippet, options);
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, callback: TransformCallback): void {
    this.#emit(() => this.#insertion.push(chunk), callback);
  }

  override _flush(callback: TransformCallback): void {
    this.#emit(() => this.#insertion.end(), callback);
  }

  #emit(take: () => Buffer[], callback: TransformCallback): void {
    try {
      for (const piece of take()) this.push(piece);
      callback();
    } catch (error) {
      callback(toError(error));
    }
  }
}

function insertionOf(snippet: Snippet, options?: InsertOptions): HeadInsertion | XmlInsertion {
  return options?.isXml ? new XmlInsertion(snippet, options) : new HeadInsertion(snippet, options);
}
