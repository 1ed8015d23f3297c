import { sizeOf } from './encode.ts';
import type { MergedPage } from './merge-pages.ts';

const MAX_PAGES = 64;
const MAX_BYTES = 64 * 1024 * 1024;

interface Kept {
  readonly page: Promise<MergedPage>;
  /** 0 until it is known. */
  bytes: number;
}

/** The pages that returning readers ask for: a thousand at the same place cost one read. */
export class PageCache {
  readonly #pages = new Map<string, Kept>();

  /** The page after the number `seq` of the channels called `name`. */
  get(name: string, seq: number, read: () => Promise<MergedPage>): Promise<MergedPage> {
    const key = `${seq} ${name}`;
    const known = this.#pages.get(key);
    // Set anew, so that the first in the map is the one that was not asked for the longest.
    this.#pages.delete(key);
    const kept = known ?? { page: read(), bytes: 0 };
    this.#pages.set(key, kept);
    if (!known) {
      const forget = () => this.#forget(key, kept);
      kept.page.then((page) => {
        kept.bytes = bytesOf(page);
        // One that leads nowhere was asked for at the end of the log, which has moved on since.
        if (page.through <= seq) forget();
        this.#shrink();
      }, forget);
      this.#shrink();
    }
    return kept.page;
  }

  clear(): void {
    this.#pages.clear();
  }

  #shrink(): void {
    let bytes = [...this.#pages.values()].reduce((sum, kept) => sum + kept.bytes, 0);
    for (const [key, kept] of this.#pages) {
      if (this.#pages.size <= MAX_PAGES && bytes <= MAX_BYTES) return;
      this.#pages.delete(key);
      bytes -= kept.bytes;
    }
  }

  #forget(key: string, kept: Kept): void {
    if (this.#pages.get(key) === kept) this.#pages.delete(key);
  }
}

function bytesOf({ slices }: MergedPage): number {
  return slices.flat().reduce((sum, entry) => sum + sizeOf(entry), 0);
}
