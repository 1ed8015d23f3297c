import {
  EXCLAMATION,
  endsName,
  GREATER_THAN,
  isLetter,
  isWhitespace,
  LESS_THAN,
  lowerCase,
  QUESTION,
  SOLIDUS,
} from './ascii.ts';
import { AttributeScanner } from './attribute-scanner.ts';
import { CommentScanner } from './comment-scanner.ts';

/**
 * What a code unit made known: `open` a `<`, `declaration` that this `<` opens a comment or the
 * like, `start` and `end` a tag's name, `tag` the `>` of a start tag (and its name, if that ended
 * with it), `text` that there is text, begun by this unit or by the `<` before it.
 */
export type Signal =
  | 'open'
  | 'declaration'
  | 'doctype'
  | 'start'
  | 'end'
  | 'tag'
  | 'text'
  | undefined;

const LONGEST_NAME = 16;
const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();
const TAGS_OF_INTEREST = new Set(['meta', 'script', 'style', 'link']);
const RAW_TEXT = new Set(
  'script style title textarea noscript xmp iframe noembed noframes'.split(' '),
);

/**
 * The part of the HTML tokenizer that tells markup from text, one code unit at a time and in
 * constant memory. The methods carry the names of the states in the HTML standard, 13.2.5.
 */
export class Tokenizer {
  /** The name of the current tag in lower case, cut after 16 units. */
  name = '';

  #state: (unit: number) => Signal = this.#data;
  #isEndTag = false;
  #attributes: AttributeScanner | undefined;
  #comment: CommentScanner | undefined;
  #declared = '';
  #matched = 0;

  /** What the current meta, script, style or link tag says about nonces and charsets. */
  get attributes(): ReadonlyMap<string, string> {
    return this.#attributes?.values ?? NO_ATTRIBUTES;
  }

  /** Whether what comes next is text or a new tag, not a part of some markup. */
  get isInData(): boolean {
    return this.#state === this.#data;
  }

  push(unit: number): Signal {
    return this.#state(unit);
  }

  #data(unit: number): Signal {
    if (unit !== LESS_THAN) return isWhitespace(unit) ? undefined : 'text';
    this.#state = this.#tagOpen;
    return 'open';
  }

  #tagOpen(unit: number): Signal {
    if (isLetter(unit)) return this.#beginTag(unit, false);
    if (unit === SOLIDUS) {
      this.#state = this.#endTagOpen;
      return undefined;
    }
    if (unit === EXCLAMATION || unit === QUESTION) {
      this.#declared = '';
      this.#state = unit === QUESTION ? this.#bogusComment : this.#markupDeclarationOpen;
      return 'declaration';
    }
    this.#state = this.#data;
    this.#data(unit);
    return 'text';
  }

  #endTagOpen(unit: number): Signal {
    if (isLetter(unit)) return this.#beginTag(unit, true);
    // "missing-end-tag-name": `</>` is nothing at all.
    this.#state = unit === GREATER_THAN ? this.#data : this.#bogusComment;
    return 'declaration';
  }

  #markupDeclarationOpen(unit: number): Signal {
    if (unit === GREATER_THAN) return this.#bogusComment(unit);
    this.#declared += lowerCase(unit);
    if (this.#declared === '--') {
      this.#comment = new CommentScanner();
      this.#state = this.#inComment;
    } else if (this.#declared === 'doctype') {
      // "abrupt-doctype-public-identifier": a `>` ends a doctype even inside quotes.
      this.#state = this.#bogusComment;
      return 'doctype';
    } else if (!'--'.startsWith(this.#declared) && !'doctype'.startsWith(this.#declared)) {
      this.#state = this.#bogusComment;
    }
    return undefined;
  }

  #bogusComment(unit: number): Signal {
    if (unit === GREATER_THAN) this.#state = this.#data;
    return undefined;
  }

  #inComment(unit: number): Signal {
    if (this.#comment?.push(unit)) this.#state = this.#data;
    return undefined;
  }

  #beginTag(unit: number, isEndTag: boolean): Signal {
    this.#isEndTag = isEndTag;
    this.#attributes = undefined;
    this.name = lowerCase(unit);
    this.#state = this.#tagName;
    return undefined;
  }

  #tagName(unit: number): Signal {
    const ended = endsName(unit);
    if (!ended) {
      this.name += lowerCase(unit);
      if (this.name.length < LONGEST_NAME) return undefined;
    }
    const signal = this.#isEndTag ? 'end' : 'start';
    this.#attributes = new AttributeScanner(!this.#isEndTag && TAGS_OF_INTEREST.has(this.name));
    this.#state = ended ? this.#inAttributes : this.#restOfTagName;
    return ended ? (this.#inAttributes(unit) ?? signal) : signal;
  }

  #restOfTagName(unit: number): Signal {
    if (!endsName(unit)) return undefined;
    this.#state = this.#inAttributes;
    return this.#inAttributes(unit);
  }

  #inAttributes(unit: number): Signal {
    if (!this.#attributes?.push(unit)) return undefined;
    this.#matched = 0;
    this.#state = !this.#isEndTag && RAW_TEXT.has(this.name) ? this.#rawText : this.#data;
    return this.#isEndTag ? undefined : 'tag';
  }

  /** "An appropriate end tag token" alone ends it: tags in a script's strings are no tags. */
  #rawText(unit: number): Signal {
    const end = `</${this.name}`;
    if (this.#matched === end.length && endsName(unit)) {
      this.#isEndTag = true;
      this.#attributes = new AttributeScanner(false);
      this.#state = this.#inAttributes;
      return this.#inAttributes(unit);
    }
    const matches = lowerCase(unit) === end[this.#matched];
    this.#matched = matches ? this.#matched + 1 : Number(unit === LESS_THAN);
    return undefined;
  }
}
