import type { FileMatcher } from './file-matcher.ts';
import type { Load } from './loaded-files.ts';
import type { Change } from './protocol.ts';

interface Ignored {
  readonly change: Change;
  readonly isFile: FileMatcher;
  /** In milliseconds since the page began. */
  readonly at: number;
}

/** Changes of files that nobody used, as far as was known: a load of one may have been under way. */
export class IgnoredChanges {
  readonly #ignored = new Map<string, Ignored>();
  #latest = 0;

  add(change: Change, isFile: FileMatcher): void {
    this.#latest = performance.now();
    this.#ignored.set(change.path, { change, isFile, at: this.#latest });
  }

  /** Takes out the changes that a load, which has just ended, began too early to have got. */
  take({ url, startTime }: Load): Change[] {
    if (startTime > this.#latest) return [];
    const missed = [...this.#ignored.values()].filter(
      ({ isFile, at }) => startTime <= at && isFile(url),
    );
    for (const { change } of missed) this.#ignored.delete(change.path);
    return missed.map(({ change }) => change);
  }
}
