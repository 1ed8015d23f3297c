/** A tab as others may see it. */
export interface Tab {
  /** URL path and query of the page that it shows. */
  readonly page: string;
  readonly title: string;
  /** In a few words. */
  readonly browser: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

/** Milliseconds in which the report of leaving a page may come after that of opening the next. */
const OVERTAKEN = 1000;

/** One tab. Its page tells when it is opened and closed; frames of it tell only what they do. */
export class OpenTab implements Tab {
  readonly id: string;
  /** Rises from tab to tab. */
  readonly ordinal: number;
  readonly browser: string;
  readonly since = Date.now();
  /** Milliseconds of a monotonic clock at the last report. */
  heardAt = performance.now();
  /** Changes in a row that it has not answered, and when the last of them was given up. */
  missed = 0;
  missedAt = Number.NEGATIVE_INFINITY;
  /** How many documents of it answer a change: frames do so under the same id. */
  voices = 1;
  /** Running while its page is closed: a reload opens a new one. */
  leaving: NodeJS.Timeout | undefined;
  #page: string;
  #title = '';
  #openedAt = Number.NEGATIVE_INFINITY;
  #answered = { timestamp: -1, times: 0 };

  constructor(id: string, ordinal: number, page: string, browser: string) {
    this.id = id;
    this.ordinal = ordinal;
    this.#page = page;
    this.browser = browser;
  }

  get page(): string {
    return this.#page;
  }

  get title(): string {
    return this.#title;
  }

  open(page: string, title: string): void {
    if (page !== this.#page) this.voices = 1;
    this.#page = page;
    this.#title = title;
    this.#openedAt = performance.now();
    this.stay();
  }

  /** @returns whether the tab shows no page now */
  close(page: string): boolean {
    return page === this.#page || performance.now() - this.#openedAt > OVERTAKEN;
  }

  /** Is there after all. */
  stay(): void {
    clearTimeout(this.leaving);
    this.leaving = undefined;
  }

  /** Learns how many answers there are to a change. @param timestamp of one that is answered */
  speak(timestamp: number): void {
    const times = timestamp === this.#answered.timestamp ? this.#answered.times + 1 : 1;
    this.#answered = { timestamp, times };
    this.voices = Math.max(this.voices, times);
  }
}
