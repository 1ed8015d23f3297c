import type { MergedPage } from './merge-pages.ts';

const MAX_PAGES = 64;

/** The pages that returning readers ask for: a thousand at the same place cost one read. */
export class PageCache {
  readonly #pages = new Map<string, Promise<MergedPage>>();

  /** The page after the number `seq` of the channels called `name`. */
  get(name: string, seq: number, read: () => Promise<MergedPage>): Promise<MergedPage> {
    const key = `${seq} ${name}`;
    const known = this.#pages.get(key);
    // Set anew, so that the first in the map is the one that was not asked for the longest.
    this.#pages.delete(key);
    const page = known ?? read();
    this.#pages.set(key, page);
    if (!known) {
      const forget = () => this.#forget(key, page);
      // One that leads nowhere was asked for at the end of the log, which has moved on since.
      page.then(({ through }) => through <= seq && forget(), forget);
    }
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= MAX_PAGES) break;
      this.#pages.delete(oldest);
    }
    return page;
  }

  clear(): void {
    this.#pages.clear();
  }

  #forget(key: string, page: Promise<MergedPage>): void {
    if (this.#pages.get(key) === page) this.#pages.delete(key);
  }
}
