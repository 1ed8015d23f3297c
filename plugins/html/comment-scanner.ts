import { EXCLAMATION, GREATER_THAN, HYPHEN } from './ascii.ts';

/** Finds the end of a comment, from the unit after `<!--` on. */
export class CommentScanner {
  #atStart = true;
  #dashes = 0;
  #bang = false;

  /** Returns true at the `>` that ends the comment. */
  push(unit: number): boolean {
    // "abrupt-closing-of-empty-comment": `<!-->` and `<!--->` are whole comments; `--!>` ends one.
    if (unit === GREATER_THAN && (this.#atStart || this.#bang || this.#dashes > 1)) return true;
    if (unit === HYPHEN) {
      this.#dashes += 1;
      this.#bang = false;
      return false;
    }
    this.#bang = unit === EXCLAMATION && this.#dashes > 1;
    this.#dashes = 0;
    this.#atStart = false;
    return false;
  }
}
