import { sizeOf } from './encode.ts';
import { type MergedPage, restAfter } from './merge-pages.ts';

const MAX_PAGES = 64;
const MAX_BYTES = 64 * 1024 * 1024;
/** Milliseconds: long enough for all who come back at once, too short for what the log forgets to stay. */
const MAX_AGE = 10_000;

/** What a page is asked for with. */
export interface PageRequest {
  /** Of its channels. */
  readonly name: string;
  /** The place in front of it. */
  readonly seq: number;
  /** So many entries or more make a page, where the log has them. */
  readonly limit: number;
}

interface Kept {
  readonly name: string;
  /** The place in front of it. */
  readonly after: number;
  readonly page: Promise<MergedPage>;
  /** By `performance.now()`. */
  readonly since: number;
  /** Who is in front of this number finds something in here. Until it is read: if there is no gap. */
  through: number;
  /** 0 until it is known. */
  bytes: number;
  /** The last one that was asked for from the middle. */
  rest?: { readonly seq: number; readonly page: MergedPage };
}

/**
 * The pages that returning readers ask for: a thousand at the same place cost one read, and of those
 * all over the log each comes to a page that another one has read, and goes on from its end.
 */
export class PageCache {
  /** The first is the one that was not asked for the longest. */
  readonly #pages = new Set<Kept>();

  async get(request: PageRequest, read: () => Promise<MergedPage>): Promise<MergedPage> {
    const { seq } = request;
    for (let isBehindGap = false; ; ) {
      const known = this.#find(request, isBehindGap);
      const kept = known ?? this.#keep(request, read());
      this.#pages.delete(kept);
      this.#pages.add(kept);
      this.#shrink();
      const page = await kept.page;
      if (kept.after === seq) return page;
      if (seq < kept.through) {
        if (kept.rest?.seq !== seq) kept.rest = { seq, page: restAfter(page, seq) };
        return kept.rest.page;
      }
      // The next one that is being read may have a gap, too: they would be waited for one by one.
      isBehindGap = page.gap;
    }
  }

  clear(): void {
    this.#pages.clear();
  }

  /** The page of this very place, else of those that have something for it the one that leads furthest. */
  #find({ name, seq }: PageRequest, isExact: boolean): Kept | undefined {
    const oldest = performance.now() - MAX_AGE;
    let found: Kept | undefined;
    for (const kept of this.#pages) {
      if (kept.since < oldest) {
        this.#pages.delete(kept);
        continue;
      }
      if (kept.name !== name) continue;
      if (kept.after === seq) return kept;
      const isIn = !isExact && kept.after < seq && seq < kept.through;
      if (isIn && (!found || kept.through > found.through)) found = kept;
    }
    return found;
  }

  #keep({ name, seq, limit }: PageRequest, page: Promise<MergedPage>): Kept {
    // Numbers are given out one by one: so many entries take as many numbers, or more.
    const kept: Kept = {
      name,
      after: seq,
      page,
      since: performance.now(),
      through: seq + limit,
      bytes: 0,
    };
    const forget = () => void this.#pages.delete(kept);
    page.then((read) => {
      // What lies in front of a gap is lost to whoever asks there, and to nobody else.
      kept.through = read.gap ? seq + 1 : read.through;
      kept.bytes = bytesOf(read);
      // One that leads nowhere was asked for at the end of the log, which has moved on since.
      if (read.through <= seq) forget();
      this.#shrink();
    }, forget);
    return kept;
  }

  #shrink(): void {
    let bytes = 0;
    for (const kept of this.#pages) bytes += kept.bytes;
    for (const kept of this.#pages) {
      if (this.#pages.size <= MAX_PAGES && bytes <= MAX_BYTES) return;
      this.#pages.delete(kept);
      bytes -= kept.bytes;
    }
  }
}

function bytesOf({ slices }: MergedPage): number {
  return slices.flat().reduce((sum, entry) => sum + sizeOf(entry), 0);
}
