import { Gather } from './gather.ts';
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

const FRESH_MS = 1000;
/** A reload that did not happen by then was refused (a prompt, a download) or is very slow. */
const REFUSED_MS = 10_000;

/** Reloads the page once per batch of reasons, and never again for a reason that did not help. */
export class Reload {
  readonly #storage: MarkStorage;
  readonly #version: Version;
  readonly #key = `dev-serve:${location.pathname}${location.search}`;
  readonly #mark: Mark | undefined;
  readonly #started = Date.now();
  readonly #gather: Gather;
  #streak = 0;
  #reason: Reason = noReason;
  #mayBeGone = false;
  #reloading = false;
  #warned = false;

  constructor(storage: MarkStorage, version: Version) {
    this.#storage = storage;
    this.#version = version;
    this.#mark = readMark(storage, this.#key);
    this.#gather = new Gather(
      () => pace(this.#nextStreak()),
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
    if (!this.#reloading) this.#gather.add();
  }

  #nextStreak(): number {
    const { at = 0, streak = 0 } = this.#mark ?? {};
    const followsReload = Math.abs(performance.timeOrigin - at) < FRESH_MS;
    const isFresh = Date.now() - this.#started < FRESH_MS;
    this.#streak = followsReload && isFresh ? streak + 1 : 0;
    return this.#streak;
  }

  async #flush(): Promise<void> {
    this.#reloading = true;
    const reason = this.#reason;
    const mayBeGone = this.#mayBeGone;
    this.#reason = noReason;
    this.#mayBeGone = false;
    if (mayBeGone && (await isGone())) {
      console.info('[dev-serve] this page is gone; waiting for the next change');
    } else {
      this.#save(reason);
      location.reload();
      await new Promise((resolve) => setTimeout(resolve, REFUSED_MS));
    }
    this.#reloading = false;
    if (this.#reason !== noReason) this.#gather.add();
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

/** Whether a reload would show an error page in place of this one. */
async function isGone(): Promise<boolean> {
  try {
    const { status } = await fetch(location.href, { method: 'HEAD', cache: 'no-store' });
    if (status !== 404 && status !== 410) return false;
    const [navigation] = performance.getEntriesByType('navigation');
    const shown = navigation instanceof PerformanceNavigationTiming && navigation.responseStatus;
    return shown !== status;
  } catch {
    return true;
  }
}
