import type { OpenTab } from './open-tab.ts';
import type { Act, ChangeOutcome } from './outcomes.ts';

const STRENGTH: Readonly<Record<Act, number>> = { none: 0, swap: 1, reload: 2 };

/** In milliseconds since the epoch, by the clock of this machine. */
export interface ChangeTimes {
  readonly savedAt: number | undefined;
  readonly sentAt: number;
}

/** A change and the answers to it so far. */
export class PendingChange<Event extends { readonly timestamp: number }> {
  readonly event: Event;
  /** Milliseconds of a monotonic clock. */
  readonly announcedAt = performance.now();
  /** Tabs from this ordinal on were opened after it. */
  readonly #nextOrdinal: number;
  readonly #acts = new Map<OpenTab, Act>();
  /** Answers of the tabs of which not all documents have answered. */
  readonly #unfinished = new Map<OpenTab, number>();
  readonly #times: ChangeTimes;
  /** How many tabs it reaches. */
  #tabs: number;
  #doneAt: number | undefined;

  /**
   * @param tabs how many are open, all with ordinals below `nextOrdinal`
   */
  constructor(event: Event, times: ChangeTimes, tabs: number, nextOrdinal: number) {
    this.event = event;
    this.#times = times;
    this.#tabs = tabs;
    this.#nextOrdinal = nextOrdinal;
  }

  get isAnswered(): boolean {
    return this.#acts.size - this.#unfinished.size >= this.#tabs;
  }

  /** Whether a tab was there, but has said nothing. */
  isMissing(tab: OpenTab): boolean {
    return tab.ordinal < this.#nextOrdinal && !this.#acts.has(tab);
  }

  /** @param ago milliseconds since the tab was done */
  answer(tab: OpenTab, act: Act, ago = 0): void {
    const known = this.#acts.get(tab);
    // It was opened later, but got the change on its stream.
    if (known === undefined && tab.ordinal >= this.#nextOrdinal) this.#tabs += 1;
    if (known === undefined || STRENGTH[act] > STRENGTH[known]) this.#acts.set(tab, act);
    this.#doneAt = Math.max(Date.now() - ago, this.#doneAt ?? this.#times.sentAt);
    if (known !== undefined && !this.#unfinished.has(tab)) return;
    const answers = (this.#unfinished.get(tab) ?? 0) + 1;
    if (answers >= tab.voices) this.#unfinished.delete(tab);
    else this.#unfinished.set(tab, answers);
  }

  /** Notes that a tab has loaded a page that is newer than this change. */
  supersede(tab: OpenTab): void {
    if (this.isMissing(tab)) this.answer(tab, 'reload');
    // The frames went with the old page; those of the new one have nothing to do.
    this.#unfinished.delete(tab);
  }

  leave(tab: OpenTab): void {
    if (this.isMissing(tab)) this.#tabs -= 1;
    else this.#unfinished.delete(tab);
  }

  /** Lets go of the frames that did not answer: they are not expected to the next time. */
  giveUp(): void {
    for (const [tab, answers] of this.#unfinished) tab.voices = answers;
  }

  get outcome(): ChangeOutcome<Event> {
    const acts: Record<Act, number> = { swap: 0, reload: 0, none: 0 };
    for (const act of this.#acts.values()) acts[act] += 1;
    const { savedAt, sentAt } = this.#times;
    const sent = savedAt === undefined ? undefined : sentAt - savedAt;
    const duration = this.#doneAt === undefined ? undefined : this.#doneAt - (savedAt ?? sentAt);
    return { event: this.event, tabs: this.#tabs, acts, sent, duration };
  }
}

/** A change is seen within seconds; what says otherwise has another clock, or was moved in. */
const LATEST_SIGHT = 60_000;

/** @param savedAt as the file system recorded it: left out where that cannot be believed */
export function timesOf(sentAt: number, savedAt: number | undefined): ChangeTimes {
  const age = savedAt === undefined ? -1 : sentAt - savedAt;
  return { sentAt, savedAt: age >= 0 && age < LATEST_SIGHT ? savedAt : undefined };
}
