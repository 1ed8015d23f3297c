import { quoted } from '../printable.ts';
import type { Notice } from './notice.ts';
import type { LogEntry } from './report.ts';
import { TokenBucket } from './token-bucket.ts';

const SUBJECTS: Readonly<Record<LogEntry['kind'], (page: string) => string>> = {
  'script-error': (page) => `Script error in ${page}`,
  'failed-request': (page) => `Failed request in ${page}`,
  'no-reload': (page) => `${page} cannot reload`,
};
const REMEMBERED = 1000;
const LONGEST_PAGE = 200;
/** So many at once, and so many a second after that. */
const MAX_BURST = 10;
const PER_SECOND = 5;

/**
 * Makes lines for the developer of what pages log: each page and text once, and no more than can
 * be read, so that a page that fails in a loop can fill neither the terminal nor the memory.
 */
export class PageNotices {
  readonly #seen = new Set<string>();
  readonly #lines = new TokenBucket(MAX_BURST, PER_SECOND);

  /** @returns undefined for what is not worth a line. @param page URL path and query */
  of(page: string, { kind, text }: LogEntry): Notice | undefined {
    const path = page.replace(/[?#].*$/s, '').slice(0, LONGEST_PAGE);
    const key = `${kind} ${path} ${text}`;
    if (this.#seen.has(key) || !this.#lines.take()) return undefined;
    if (this.#seen.size >= REMEMBERED) this.#seen.clear();
    this.#seen.add(key);
    return { kind, page: path, text: `${SUBJECTS[kind](path)}: ${quoted(text)}` };
  }
}
