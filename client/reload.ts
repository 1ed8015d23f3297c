import { Gather, type Pace } from './gather.ts';
import type { Handover } from './handover.ts';
import { PageQuestion } from './page-question.ts';
import { calm, isSpent, MAX_RELOADS, spend } from './reload-budget.ts';
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
import type { View } from './view.ts';

/** How long a page counts as just reloaded; longer where loading takes longer. */
const FRESH_MS = 1000;
/** A reload that did not happen by then was refused (a prompt, a download) or is very slow. */
const REFUSED_MS = 10_000;
/** How long until a server that did not answer is asked again: at first, and at most. */
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 4000;
/** More changes than that are not reported. */
const MAX_CHANGES = 1000;

interface ReloadOptions {
  readonly storage: MarkStorage;
  readonly version: Version;
  /** URL of the client: the server is asked for it before a reload. */
  readonly script: string;
  /** URL path of the file that the page is, or '' for one that an app made. */
  readonly file: string;
  readonly handover: Handover;
  /** What the next page is to look like. */
  readonly readView: () => View;
  /** Takes, in words, why the page is not reloaded. */
  readonly onRefusal: (text: string) => void;
}

/** Reloads the page once per batch of reasons, and never again for a reason that did not help. */
export class Reload {
  readonly #storage: MarkStorage;
  readonly #version: Version;
  readonly #options: ReloadOptions;
  readonly #mark: Mark | undefined;
  readonly #started = Date.now();
  readonly #question: PageQuestion;
  readonly #gather: Gather;
  #streak = 0;
  #reason: Reason = noReason;
  #begun: Reason = noReason;
  #isBusy = false;
  #hasMore = false;
  #retryDelay = FIRST_RETRY_MS;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #warning = '';
  #changes: number[] = [];
  #wasSpent = false;

  constructor(options: ReloadOptions) {
    this.#options = options;
    this.#storage = options.storage;
    this.#version = options.version;
    this.#mark = readMark(options.storage, markKey());
    this.#question = new PageQuestion(options.script, options.file);
    this.#gather = new Gather({
      pace: () => this.#nextPace(),
      prepare: () => this.#question.ask(),
      flush: () => void this.#flush(),
    });
  }

  /** @param mayBeGone a file was removed: the page itself may not be there any more */
  request(reason: Reason, mayBeGone: boolean): void {
    if (!isNews(reason, this.#version, this.#mark)) {
      this.#warn(
        'the reloaded page is the one from before the change: ' +
          'a cache or service worker holds it. It is not reloaded again until the next change.',
      );
      return;
    }
    if (reason.timestamp > 0) this.#changes.push(reason.timestamp);
    this.#reason = merge(this.#reason, reason);
    this.#question.invalidate(mayBeGone);
    this.repeat();
  }

  /** Reloads the page though nothing has changed. */
  repeat(): void {
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
    this.#wasSpent = isSpent(this.#options.handover.reloads, Date.now());
    if (this.#wasSpent) {
      this.#warn(
        `this page was reloaded ${MAX_RELOADS} times in 10 s. It is reloaded again when nothing ` +
          'has changed for 10 s, after a minute at most, or by hand.',
      );
      return calm;
    }
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
    if (!(await this.#isToStay())) {
      this.#save(this.#reason);
      this.#begun = this.#reason;
      this.#reason = noReason;
      this.#hasMore = false;
      location.reload();
      await new Promise((resolve) => setTimeout(resolve, REFUSED_MS));
      this.#begun = noReason;
      this.#options.handover.withdraw();
    }
    this.#isBusy = false;
    if (this.#hasMore) this.#gatherNext();
  }

  /** Whether to keep the page, and the reason to reload it, until the next change or attempt. */
  async #isToStay(): Promise<boolean> {
    const state = await this.#question.answer();
    if (state === 'unknown') {
      this.#retry = setTimeout(() => void this.#flush(), this.#retryDelay);
      this.#retryDelay = Math.min(this.#retryDelay * 2, LAST_RETRY_MS);
    } else {
      this.#retryDelay = FIRST_RETRY_MS;
    }
    return state !== 'there';
  }

  #save(reason: Reason): void {
    const earlier = isStale(this.#version, this.#mark) ? this.#mark : noReason;
    const mark: Mark = {
      ...this.#version,
      ...merge(earlier, reason),
      at: Date.now(),
      streak: this.#streak,
    };
    this.#storage.setItem(markKey(), JSON.stringify(mark));
    const { handover, readView } = this.#options;
    handover.leave({
      reloads: spend(handover.reloads, mark.at, this.#wasSpent),
      changes: this.#changes.slice(-MAX_CHANGES),
      view: readView(),
    });
  }

  #warn(text: string): void {
    if (text === this.#warning) return;
    this.#warning = text;
    console.warn(`[dev-serve] ${text}`);
    this.#options.onRefusal(text);
  }
}

/** The page can have changed its own URL since it was loaded: that is what a reload asks for. */
function markKey(): string {
  return `dev-serve:${location.pathname}${location.search}`;
}
