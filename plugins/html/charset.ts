import { byteOrderMark, unitAt } from './code-units.ts';
import { Tokenizer } from './tokenizer.ts';

const PRESCANNED_BYTES = 1024;
const LABEL = /^[a-z0-9][a-z0-9._:+-]*$/;
const CHARSET_PARAMETER =
  /charset[\t\n\f\r ]*=[\t\n\f\r ]*(?:"([^"]*)"|'([^']*)'|([^\t\n\f\r ;"']+))/i;

/**
 * Reads the charset that a page gives itself, by a byte order mark or a meta tag.
 *
 * @param firstBytes - the beginning of the page; the first 1024 bytes count
 * @returns the label in lower case, safe to stand in a content-type header
 */
export function declaredCharset(firstBytes: Buffer): string | undefined {
  const mark = byteOrderMark(firstBytes, true);
  if (mark !== undefined && mark.length > 0) {
    return mark.encoding === 'ascii' ? 'utf-8' : mark.encoding;
  }
  const tokenizer = new Tokenizer();
  const end = Math.min(firstBytes.length, PRESCANNED_BYTES);
  for (let offset = 0; offset < end; offset += 1) {
    const signal = tokenizer.push(unitAt(firstBytes, offset, 'ascii'));
    if (signal !== 'tag' || tokenizer.name !== 'meta') continue;
    const charset = charsetOfMeta(tokenizer.attributes);
    if (charset !== undefined) return charset;
  }
  return undefined;
}

function charsetOfMeta(attributes: ReadonlyMap<string, string>): string | undefined {
  const label = (attributes.get('charset') ?? charsetOfContent(attributes))?.trim().toLowerCase();
  if (label === undefined || !LABEL.test(label)) return undefined;
  // "If charset is UTF-16BE/LE, then set charset to UTF-8": the meta tag was read as ASCII.
  return /^utf-?16/.test(label) ? 'utf-8' : label;
}

function charsetOfContent(attributes: ReadonlyMap<string, string>): string | undefined {
  if (attributes.get('http-equiv')?.toLowerCase() !== 'content-type') return undefined;
  const match = CHARSET_PARAMETER.exec(attributes.get('content') ?? '');
  return match?.[1] ?? match?.[2] ?? match?.[3];
}
