import {
  APOSTROPHE,
  EXCLAMATION,
  endsName,
  GREATER_THAN,
  HYPHEN,
  isWhitespace,
  LESS_THAN,
  QUESTION,
  QUOTE,
  SOLIDUS,
} from './ascii.ts';

/** What a code unit made known: `tag` the end of a start tag, `other` anything else of content. */
type XmlSignal = 'tag' | 'other' | undefined;

type State = (unit: number) => XmlSignal;

const LEFT_BRACKET = 0x5b;
const RIGHT_BRACKET = 0x5d;
const COLON = 0x3a;
const LONGEST_NAME = 64;

/**
 * Finds the first start tags of an XML document, one code unit at a time and in constant memory.
 * The prolog, with an internal DTD, comments and processing instructions, is skipped.
 */
export class XmlScanner {
  /** The name of the last start tag, without its prefix, cut after 64 units. */
  name = '';
  /** Whether the last start tag is an empty element: `<a/>`. */
  isEmpty = false;

  #state: State = this.#content;
  /** What comes after the comment, instruction, literal or declaration that is being read. */
  #after: State = this.#content;
  #isInSubset = false;
  #quote = 0;
  #last = 0;
  #dashes = 0;

  push(unit: number): XmlSignal {
    const signal = this.#state(unit);
    this.#last = unit;
    return signal;
  }

  #content(unit: number): XmlSignal {
    if (unit !== LESS_THAN) return isWhitespace(unit) ? undefined : 'other';
    this.#state = this.#markup;
    return undefined;
  }

  #markup(unit: number): XmlSignal {
    if (unit === EXCLAMATION || unit === QUESTION) return this.#beginSkipped(unit, this.#content);
    if (unit === SOLIDUS || endsName(unit)) return 'other';
    this.name = '';
    this.#state = this.#tagName;
    return this.#tagName(unit);
  }

  #tagName(unit: number): XmlSignal {
    if (endsName(unit)) {
      this.#state = this.#attributes;
      return this.#attributes(unit);
    }
    if (unit === COLON) this.name = '';
    else if (this.name.length < LONGEST_NAME) this.name += String.fromCharCode(unit);
    return undefined;
  }

  #attributes(unit: number): XmlSignal {
    if (unit === QUOTE || unit === APOSTROPHE) return this.#beginLiteral(unit, this.#attributes);
    if (unit !== GREATER_THAN) return undefined;
    this.isEmpty = this.#last === SOLIDUS;
    this.#state = this.#content;
    return 'tag';
  }

  #beginSkipped(unit: number, after: State): undefined {
    this.#after = after;
    this.#state = unit === QUESTION ? this.#instruction : this.#declarationOpen;
  }

  #instruction(unit: number): undefined {
    if (unit === GREATER_THAN && this.#last === QUESTION) this.#state = this.#after;
  }

  /** The unit after `<!`: a comment, a CDATA section, or a declaration. */
  #declarationOpen(unit: number): XmlSignal {
    if (unit === LEFT_BRACKET) return 'other';
    this.#state = unit === HYPHEN ? this.#commentOpen : this.#declaration;
    return undefined;
  }

  #commentOpen(): undefined {
    // `<!-->` is no whole comment in XML: the dashes that open it do not close it.
    this.#dashes = 0;
    this.#state = this.#comment;
  }

  #comment(unit: number): undefined {
    if (unit === GREATER_THAN && this.#dashes > 1) this.#state = this.#after;
    this.#dashes = unit === HYPHEN ? this.#dashes + 1 : 0;
  }

  /** A document type declaration, or a declaration in its internal subset. */
  #declaration(unit: number): XmlSignal {
    if (unit === QUOTE || unit === APOSTROPHE) return this.#beginLiteral(unit, this.#declaration);
    if (unit === LEFT_BRACKET && !this.#isInSubset) {
      this.#isInSubset = true;
      this.#state = this.#subset;
    } else if (unit === GREATER_THAN) {
      this.#state = this.#isInSubset ? this.#subset : this.#content;
    }
    return undefined;
  }

  #subset(unit: number): XmlSignal {
    if (unit === RIGHT_BRACKET) {
      this.#isInSubset = false;
      this.#state = this.#declaration;
    } else if (this.#last === LESS_THAN && (unit === EXCLAMATION || unit === QUESTION)) {
      this.#beginSkipped(unit, this.#subset);
    }
    return undefined;
  }

  #beginLiteral(quote: number, after: State): undefined {
    this.#quote = quote;
    this.#after = after;
    this.#state = this.#literal;
  }

  #literal(unit: number): undefined {
    if (unit === this.#quote) this.#state = this.#after;
  }
}
