import {
  APOSTROPHE,
  EQUALS,
  endsName,
  GREATER_THAN,
  isWhitespace,
  lowerCase,
  QUOTE,
  SOLIDUS,
} from './ascii.ts';

const WANTED = new Set(['nonce', 'http-equiv', 'content', 'charset']);

/**
 * Finds the end of a tag, from the unit after its name on: a `>` in quotes is no end.
 * The methods carry the names of the states in the HTML standard, 13.2.5.32 to 13.2.5.40.
 */
export class AttributeScanner {
  /** The attributes about nonces and charsets; of two with one name the first. */
  readonly values = new Map<string, string>();

  readonly #collect: boolean;
  #state: (unit: number) => boolean = this.#beforeName;
  #name = '';
  #value = '';
  #quote = 0;

  constructor(collect: boolean) {
    this.#collect = collect;
  }

  /** Returns true at the `>` that ends the tag. */
  push(unit: number): boolean {
    return this.#state(unit);
  }

  #beforeName(unit: number): boolean {
    if (unit === GREATER_THAN) return true;
    if (isWhitespace(unit) || unit === SOLIDUS) return false;
    this.#name = '';
    this.#value = '';
    this.#state = this.#attributeName;
    // "unexpected-equals-sign-before-attribute-name": here `=` is the name's first unit.
    if (this.#collect) this.#name = lowerCase(unit);
    return false;
  }

  #attributeName(unit: number): boolean {
    if (unit === EQUALS) this.#state = this.#beforeValue;
    else if (endsName(unit)) return this.#afterName(unit);
    else if (this.#collect) this.#name += lowerCase(unit);
    return false;
  }

  #afterName(unit: number): boolean {
    this.#state = this.#afterName;
    if (isWhitespace(unit)) return false;
    if (unit !== EQUALS) return this.#next(unit);
    this.#state = this.#beforeValue;
    return false;
  }

  #beforeValue(unit: number): boolean {
    if (isWhitespace(unit)) return false;
    if (unit === QUOTE || unit === APOSTROPHE) {
      this.#quote = unit;
      this.#state = this.#quotedValue;
      return false;
    }
    this.#state = this.#unquotedValue;
    return this.#unquotedValue(unit);
  }

  #quotedValue(unit: number): boolean {
    if (unit === this.#quote) return this.#endOfValue();
    if (this.#collect) this.#value += String.fromCharCode(unit);
    return false;
  }

  #unquotedValue(unit: number): boolean {
    if (isWhitespace(unit) || unit === GREATER_THAN) {
      this.#endOfValue();
      return unit === GREATER_THAN;
    }
    if (this.#collect) this.#value += String.fromCharCode(unit);
    return false;
  }

  #endOfValue(): boolean {
    if (WANTED.has(this.#name) && !this.values.has(this.#name)) {
      this.values.set(this.#name, this.#value);
    }
    this.#state = this.#beforeName;
    return false;
  }

  #next(unit: number): boolean {
    this.#state = this.#beforeName;
    return this.#beforeName(unit);
  }
}
