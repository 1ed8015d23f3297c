import { decodePath, type FileMatcher } from './file-matcher.ts';
import { isRenewal } from './renew.ts';

/** A load that has ended. */
export interface Load {
  readonly url: string;
  /** When it began, in milliseconds since the page did. */
  readonly startTime: number;
}

/** What has been loaded by one path. */
export interface LoadedFile {
  /** By which it was loaded first. */
  readonly url: string;
  /** What has loaded it: `img`, `css`, `fetch`, ... */
  readonly initiators: Set<string>;
}

/** Frames tell for themselves what they show. */
const FRAMES = new Set(['iframe', 'frame']);

/** What the page has loaded or failed to load, by the browser's own records. */
export class LoadedFiles {
  readonly #files = new Map<string, LoadedFile>();
  readonly #onLoad: (load: Load) => void;
  readonly #observer: PerformanceObserver;
  #isComplete = true;

  /** @param onLoad called with what has been loaded since the last look */
  constructor(onLoad: (load: Load) => void) {
    this.#onLoad = onLoad;
    this.#observer = new PerformanceObserver(
      (list, _observer, options?: { readonly droppedEntriesCount?: number }) => {
        // The browser keeps 250 of them for those who look late.
        if (options?.droppedEntriesCount) this.#isComplete = false;
        this.#add(list.getEntries());
      },
    );
    this.#observer.observe({ type: 'resource', buffered: true });
  }

  /** Whether the records tell everything: no file got here under the name of another. */
  get isComplete(): boolean {
    this.#add(this.#observer.takeRecords());
    return this.#isComplete;
  }

  find(isFile: FileMatcher): LoadedFile[] {
    this.#add(this.#observer.takeRecords());
    return [...this.#files.values()].filter(({ url }) => isFile(url));
  }

  #add(entries: PerformanceEntryList): void {
    for (const entry of entries) {
      if (!(entry instanceof PerformanceResourceTiming) || isRenewal(entry.name)) continue;
      const { name: url, initiatorType, redirectStart, startTime } = entry;
      if (FRAMES.has(initiatorType)) continue;
      // Where it led to is not told.
      if (redirectStart > 0) this.#isComplete = false;
      const [path = ''] = decodePath(url).split(/[?#]/, 1);
      const file = this.#files.get(path) ?? { url, initiators: new Set() };
      this.#files.set(path, file);
      file.initiators.add(initiatorType);
      this.#onLoad({ url, startTime });
    }
  }
}
