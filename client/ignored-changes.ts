import type { FileMatcher } from './file-matcher.ts';
import type { Load } from './loaded-files.ts';
import type { Change } from './protocol.ts';

interface Ignored {
  readonly change: Change;
  readonly isFile: FileMatcher;
  /** In milliseconds since the page began. */
  readonly at: number;
}

/** Changes of files that nothing used as far as was known: a load of one may be under way. */
export class IgnoredChanges {
  readonly #ignored = new Map<string, Ignored>();
  #latest = 0;

  /** @param path of the file: of a renamed one it is the former or the new one */
  add(path: string, change: Change, isFile: FileMatcher): void {
    this.#latest = performance.now();
    this.#ignored.set(path, { change, isFile, at: this.#latest });
  }

  /** Takes out the changes that a load, which has just ended, began too early to have got. */
  take({ url, startTime }: Load): Change[] {
    if (startTime > this.#latest) return [];
    const missed = [...this.#ignored].filter(
      ([, { isFile, at }]) => startTime <= at && isFile(url),
    );
    for (const [path] of missed) this.#ignored.delete(path);
    return missed.map(([, { change }]) => change);
  }
}
