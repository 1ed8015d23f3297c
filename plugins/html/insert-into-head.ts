import { Transform, type TransformCallback } from 'node:stream';
import { pooledBuffer } from '../pooled-buffer.ts';
import { toError } from '../to-error.ts';
import { type Encoding, encodeAscii } from './code-units.ts';
import { findPlace, type Place } from './find-place.ts';
import { HeadInsertion, type InsertOptions, type Snippet } from './head-insertion.ts';
import { factsOf } from './page-facts.ts';
import { validNonce } from './policy.ts';
import { XmlInsertion } from './xml-insertion.ts';

/**
 * Puts a tag where the head of the page begins, all other bytes untouched and never decoded.
 *
 * @returns the page itself when it has no place for the tag
 */
export function insertIntoHead(
  page: Buffer,
  snippet: Snippet,
  options: InsertOptions = {},
): Buffer {
  if (options.isXml) return insertIntoXml(page, snippet, options);
  const place = placeIn(page, options.encoding);
  if (place === undefined || (options.documentsOnly && !place.isDocument)) return page;
  const tag = encodeAscii(snippet(validNonce(options.nonce) ?? place.nonce), place.encoding);
  const injected = pooledBuffer(page.length + tag.length);
  page.copy(injected, 0, 0, place.offset);
  tag.copy(injected, place.offset);
  page.copy(injected, place.offset + tag.length, place.offset);
  return injected;
}

function placeIn(page: Buffer, encoding: Encoding = 'ascii'): Place | undefined {
  return encoding === 'ascii' ? factsOf(page).place : findPlace(page, encoding);
}

function insertIntoXml(page: Buffer, snippet: Snippet, options: InsertOptions): Buffer {
  const insertion = new XmlInsertion(snippet, options);
  const pieces = [...insertion.push(page), ...insertion.end()];
  return insertion.isInserted ? Buffer.concat(pieces) : page;
}

/** The same for a page that is streamed, in constant memory. */
export class HeadInserter extends Transform {
  readonly #insertion: HeadInsertion | XmlInsertion;

  constructor(snippet: Snippet, options: InsertOptions = {}) {
    super();
    this.#insertion = options.isXml
      ? new XmlInsertion(snippet, options)
      : new HeadInsertion(snippet, options);
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
