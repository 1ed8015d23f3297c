import { Gather, type Pace } from './gather.ts';
import { askForPage, askForServer } from './page-state.ts';
import {
  isNews,
  isStale,
  type Mark,
  type MarkStorage,
  merge,
  noReason,
  pace,
  type Reason,
  readMark,
  type Version,
} from './reload-guard.ts';

/** How long a page counts as just reloaded; longer where loading takes longer. */
const FRESH_MS = 1000;
/** A reload that did not happen by then was refused (a prompt, a download) or is very slow. */
const REFUSED_MS = 10_000;
/** How long until a server that did not answer is asked again: at first, and at most. */
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 4000;

/** Reloads the page once per batch of reasons, and never again for a reason that did not help. */
export class Reload {
  readonly #storage: MarkStorage;
  readonly #version: Version;
  readonly #script: string;
  readonly #key = `dev-serve:${location.pathname}${location.search}`;
  readonly #mark: Mark | undefined;
  readonly #started = Date.now();
  readonly #gather: Gather;
  #streak = 0;
  #reason: Reason = noReason;
  #begun: Reason = noReason;
  #mayBeGone = false;
  #isGone = false;
  #isBusy = false;
  #hasMore = false;
  #retryDelay = FIRST_RETRY_MS;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #warned = false;

  /** @param script URL of the client: the server is asked for it before a reload */
  constructor(storage: MarkStorage, version: Version, script: string) {
    this.#storage = storage;
    this.#version = version;
    this.#script = script;
    this.#mark = readMark(storage, this.#key);
    this.#gather = new Gather(
      () => this.#nextPace(),
      () => void this.#flush(),
    );
  }

  /** @param mayBeGone a file was removed: the page itself may not be there any more */
  request(reason: Reason, mayBeGone: boolean): void {
    if (!isNews(reason, this.#version, this.#mark)) {
      this.#warn();
      return;
    }
    this.#reason = merge(this.#reason, reason);
    this.#mayBeGone ||= mayBeGone;
    this.#hasMore = true;
    if (!this.#isBusy) this.#gatherNext();
  }

  /** The page was left while its reload was under way, and came back as it had been. */
  resume(): void {
    if (this.#begun === noReason) return;
    this.#reason = merge(this.#begun, this.#reason);
    this.#begun = noReason;
    this.#hasMore = true;
    this.#isBusy = false;
    this.#gatherNext();
  }

  #gatherNext(): void {
    clearTimeout(this.#retry);
    this.#gather.add();
  }

  #nextPace(): Pace {
    const { at = 0, streak = 0 } = this.#mark ?? {};
    const loadTime = this.#started - at;
    const followsReload = loadTime >= 0 && loadTime < REFUSED_MS;
    const isFresh = Date.now() - this.#started < Math.max(FRESH_MS, loadTime);
    this.#streak = followsReload && isFresh ? streak + 1 : 0;
    return pace(this.#streak, loadTime);
  }

  async #flush(): Promise<void> {
    this.#isBusy = true;
    this.#hasMore = false;
    if (await this.#isToStay()) {
      // Whatever comes next, it does not show an error in place of the page.
      this.#mayBeGone = true;
    } else {
      this.#save(this.#reason);
      this.#begun = this.#reason;
      this.#reason = noReason;
      this.#hasMore = false;
      location.reload();
      await new Promise((resolve) => setTimeout(resolve, REFUSED_MS));
      this.#begun = noReason;
    }
    this.#isBusy = false;
    if (this.#hasMore) this.#gatherNext();
  }

  /** Whether to keep the page, and the reason to reload it, until the next change or attempt. */
  async #isToStay(): Promise<boolean> {
    const mayBeGone = this.#mayBeGone || this.#isGone;
    const state = await (mayBeGone ? askForPage() : askForServer(this.#script));
    if (state === 'unknown') {
      this.#retry = setTimeout(() => void this.#flush(), this.#retryDelay);
      this.#retryDelay = Math.min(this.#retryDelay * 2, LAST_RETRY_MS);
      return true;
    }
    this.#mayBeGone = false;
    this.#retryDelay = FIRST_RETRY_MS;
    const wasGone = this.#isGone;
    this.#isGone = state === 'gone';
    if (this.#isGone && !wasGone) {
      console.info('[dev-serve] this page is gone; waiting for it to be there again');
    }
    return this.#isGone;
  }

  #save(reason: Reason): void {
    const earlier = isStale(this.#version, this.#mark) ? this.#mark : noReason;
    const mark: Mark = {
      ...this.#version,
      ...merge(earlier, reason),
      at: Date.now(),
      streak: this.#streak,
    };
    this.#storage.setItem(this.#key, JSON.stringify(mark));
  }

  #warn(): void {
    if (this.#warned) return;
    this.#warned = true;
    console.warn(
      '[dev-serve] the reloaded page is the one from before the change: ' +
        'a cache or service worker holds it. It is not reloaded again until the next change.',
    );
  }
}
