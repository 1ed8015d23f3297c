import type { Signal, Tokenizer } from './tokenizer.ts';

/** Where a tag may go: `inside` after the unit just read, `before` the `<` or text just begun. */
type Place = 'inside' | 'before' | undefined;

const DOCUMENT_TAGS = new Set(['html', 'head', 'body', 'title', 'meta', 'frameset']);
const ACTING_END_TAGS = new Set(['head', 'body', 'html', 'br']);

/**
 * Follows the HTML parser through "initial", "before html" and "before head": all they skip is
 * skipped, since a script before the doctype would put the page into quirks mode.
 */
export class HeadFinder {
  /** Whether the page shows that it is a document, not a fragment. */
  isDocument = false;

  push(signal: Signal, { name }: Tokenizer): Place {
    switch (signal) {
      case 'doctype':
        this.isDocument = true;
        return undefined;
      case 'start':
      case 'tag':
        this.isDocument ||= DOCUMENT_TAGS.has(name);
        if (name === 'html') return undefined;
        if (name !== 'head') return 'before';
        return signal === 'tag' ? 'inside' : undefined;
      case 'end':
        // "Any other end tag: Parse error. Ignore the token."
        return ACTING_END_TAGS.has(name) ? 'before' : undefined;
      case 'text':
        return 'before';
      default:
        return undefined;
    }
  }
}
