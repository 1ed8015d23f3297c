import type { OpenTab } from './open-tab.ts';
import type { ChangeOutcome } from './outcomes.ts';
import { PendingChange, timesOf } from './pending-change.ts';
import { Queue } from './queue.ts';
import type { Done } from './report.ts';
import type { TabList } from './tab-list.ts';

export interface CollectorOptions {
  /** Milliseconds without any report after which a change is waited for no longer. @default 2000 */
  readonly quietTime?: number;
  /** Milliseconds after which it is given up in any case. @default 10_000 */
  readonly longestTime?: number;
}

const QUIET_TIME = 2000;
const LONGEST_TIME = 10_000;

/**
 * Waits for what the tabs report about each change, and tells it once all have or no more is to
 * be expected: in the order of the changes, each once.
 */
export class OutcomeCollector<Event extends { readonly timestamp: number }> {
  readonly #tabs: TabList;
  readonly #onOutcome: (outcome: ChangeOutcome<Event>) => void;
  readonly #quietTime: number;
  readonly #longestTime: number;
  readonly #pending = new Queue<PendingChange<Event>>();
  readonly #byTimestamp = new Map<number, PendingChange<Event>>();
  /** Up to where in the queue all is answered by a reload. */
  readonly #superseded = new WeakMap<OpenTab, number>();
  readonly #stopListening: () => void;
  #reportedAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    tabs: TabList,
    onOutcome: (outcome: ChangeOutcome<Event>) => void,
    options: CollectorOptions = {},
  ) {
    this.#tabs = tabs;
    this.#onOutcome = onOutcome;
    this.#quietTime = options.quietTime ?? QUIET_TIME;
    this.#longestTime = options.longestTime ?? LONGEST_TIME;
    this.#stopListening = tabs.onLeave((tab) => this.#leave(tab));
  }

  /**
   * Begins to wait; tells at once when there is nobody to wait for.
   * @param savedAt when the file system recorded the change, in milliseconds since the epoch
   */
  add(event: Event, savedAt?: number): void {
    const times = timesOf(Date.now(), savedAt);
    const change = new PendingChange(event, times, this.#tabs.size, this.#tabs.nextOrdinal);
    this.#pending.push(change);
    this.#byTimestamp.set(event.timestamp, change);
    this.#settle();
  }

  /** Takes in what a document of a tab says it has done; changes it cannot know are ignored. */
  answer(tab: OpenTab, answers: readonly Done[]): void {
    let reloaded = Number.NEGATIVE_INFINITY;
    for (const { timestamp, act, ago } of answers) {
      this.#byTimestamp.get(timestamp)?.answer(tab, act, ago);
      if (act === 'reload') reloaded = Math.max(reloaded, timestamp);
    }
    const last = answers.at(-1);
    // A page that has swapped may reload all the same: that is no other voice.
    if (last !== undefined && last.act !== 'reload') tab.speak(last.timestamp);
    this.#supersede(tab, reloaded);
    this.#hear();
  }

  /** Takes in that a tab has loaded a page. @param build timestamp of the last change in it */
  open(tab: OpenTab, build: number | undefined): void {
    if (build !== undefined) this.#supersede(tab, build);
    this.#hear();
  }

  /** Waits no longer, and tells nothing more. */
  close(): void {
    clearTimeout(this.#timer);
    this.#stopListening();
    this.#pending.clear();
    this.#byTimestamp.clear();
  }

  #hear(): void {
    this.#reportedAt = performance.now();
    this.#settle();
  }

  /** A page that was loaded after a change shows all that came before it too. */
  #supersede(tab: OpenTab, timestamp: number): void {
    let place = Math.max(this.#superseded.get(tab) ?? 0, this.#pending.start);
    for (; place < this.#pending.end; place++) {
      const change = this.#pending.at(place);
      if (change === undefined || change.event.timestamp > timestamp) break;
      change.supersede(tab);
    }
    this.#superseded.set(tab, place);
  }

  #leave(tab: OpenTab): void {
    for (let place = this.#pending.start; place < this.#pending.end; place++) {
      this.#pending.at(place)?.leave(tab);
    }
    this.#settle();
  }

  #settle(): void {
    for (let { first } = this.#pending; first?.isAnswered; { first } = this.#pending) {
      this.#tell(first);
    }
    this.#wait();
  }

  #settleOverdue(): void {
    const tabs = this.#tabs.list();
    const silent = new Set<OpenTab>();
    for (let { first } = this.#pending; first !== undefined; { first } = this.#pending) {
      if (this.#deadlineOf(first) > performance.now()) break;
      for (const tab of tabs) if (first.isMissing(tab)) silent.add(tab);
      first.giveUp();
      this.#tell(first);
    }
    for (const tab of silent) this.#tabs.miss(tab);
    this.#settle();
  }

  #tell(change: PendingChange<Event>): void {
    this.#pending.shift();
    this.#byTimestamp.delete(change.event.timestamp);
    this.#onOutcome(change.outcome);
  }

  #wait(): void {
    const { first } = this.#pending;
    // Not set anew for each report: whenever it fires, it looks how long there is still to wait.
    if (first === undefined || this.#timer !== undefined) return;
    const delay = Math.max(1, Math.ceil(this.#deadlineOf(first) - performance.now()));
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#settleOverdue();
    }, delay).unref();
  }

  #deadlineOf({ announcedAt }: PendingChange<Event>): number {
    const heardAt = Math.max(announcedAt, this.#reportedAt);
    return Math.min(heardAt + this.#quietTime, announcedAt + this.#longestTime);
  }
}
