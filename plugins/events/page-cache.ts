import type { MergedPage } from './merge-pages.ts';

const MAX_PAGES = 64;

/** The pages that returning readers ask for: a thousand at the same place cost one read. */
export class PageCache {
  readonly #pages = new Map<string, Promise<MergedPage>>();

  get(key: string, read: () => Promise<MergedPage>): Promise<MergedPage> {
    const known = this.#pages.get(key);
    // Set anew, so that the first in the map is the one that was not asked for the longest.
    this.#pages.delete(key);
    const page = known ?? read();
    this.#pages.set(key, page);
    if (!known) page.catch(() => this.#forget(key, page));
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
