import { toError } from '../to-error.ts';
import { type LimitCode, limitOf } from './limits.ts';

/** Passes errors on, one of each kind: a limit of the system is met by folder after folder. */
export class ErrorReports {
  readonly #onError: (error: Error) => void;
  readonly #onLimit: (code: LimitCode) => void;
  readonly #kinds = new Set<string>();

  constructor(onError: (error: Error) => void, onLimit: (code: LimitCode) => void) {
    this.#onError = onError;
    this.#onLimit = onLimit;
  }

  readonly report = (thrown: unknown): void => {
    const error = toError(thrown);
    const kind = 'code' in error ? String(error.code) : error.message;
    if (this.#kinds.has(kind)) return;
    this.#kinds.add(kind);
    const limit = limitOf(error);
    if (limit === undefined) this.#onError(error);
    else this.#onLimit(limit);
  };

  /** The trouble is over: should it come again, it is worth a report again. */
  reset(): void {
    this.#kinds.clear();
  }
}
