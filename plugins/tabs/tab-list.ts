import { browserName } from './browser-name.ts';
import { OpenTab } from './open-tab.ts';
import type { Report } from './report.ts';

export interface TabListOptions {
  /** Whether any event stream is open: without one, no tab follows. */
  readonly hasStreams: () => boolean;
  /** Milliseconds within which a tab whose page was closed may come back. @default 1500 */
  readonly reloadTime?: number;
}

const CAPACITY = 1000;
const RELOAD_TIME = 1500;
/** Milliseconds without a report and any stream after which a tab is gone: no longer than it is waited for. */
const SILENCE = 2000;
/** Changes in a row that a tab may leave without an answer. */
const PATIENCE = 2;
/** Milliseconds in which changes without an answer count as one: they are of one burst. */
const BURST = 1000;

/** The tabs that are open, by what they report of themselves. */
export class TabList {
  readonly #hasStreams: () => boolean;
  readonly #reloadTime: number;
  readonly #tabs = new Map<string, OpenTab>();
  readonly #listeners = new Set<(tab: OpenTab) => void>();
  #ordinal = 0;

  constructor({ hasStreams, reloadTime = RELOAD_TIME }: TabListOptions) {
    this.#hasStreams = hasStreams;
    this.#reloadTime = reloadTime;
  }

  get size(): number {
    this.#dropSilent();
    return this.#tabs.size;
  }

  /** The ordinal of the next tab to open: those that are open now have smaller ones. */
  get nextOrdinal(): number {
    return this.#ordinal;
  }

  /** The open tabs, the oldest first. */
  list(): readonly OpenTab[] {
    this.#dropSilent();
    return [...this.#tabs.values()];
  }

  /** @returns the tab that the report is from; undefined when it is not known, or one too many */
  hear(report: Report, userAgent: string | undefined): OpenTab | undefined {
    const known = this.#tabs.get(report.tab);
    if (report.type === 'close') {
      if (known?.close(report.page)) this.#letGo(known);
      return known;
    }
    // One that was given up is there after all.
    const tab = known ?? this.#add(report, userAgent);
    if (tab === undefined) return undefined;
    if (report.type === 'open') tab.open(report.page, report.title);
    // What else a page says may have been overtaken by its leaving, and keeps nothing open.
    else if (isReloaded(report)) tab.stay();
    tab.heardAt = performance.now();
    tab.missed = 0;
    return tab;
  }

  /** Notes that a tab has not answered a change. */
  miss(tab: OpenTab): void {
    const now = performance.now();
    if (now - tab.missedAt < BURST) return;
    tab.missedAt = now;
    tab.missed += 1;
    if (tab.missed >= PATIENCE) this.#drop(tab);
  }

  /** @returns a function that ends it */
  onLeave(listener: (tab: OpenTab) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Forgets all tabs, without telling of it. */
  close(): void {
    for (const tab of this.#tabs.values()) clearTimeout(tab.leaving);
    this.#tabs.clear();
    this.#listeners.clear();
  }

  #add({ tab: id, page }: Report, userAgent: string | undefined): OpenTab | undefined {
    if (this.#tabs.size >= CAPACITY) return undefined;
    const tab = new OpenTab(id, this.#ordinal++, page, browserName(userAgent));
    this.#tabs.set(id, tab);
    return tab;
  }

  #letGo(tab: OpenTab): void {
    tab.leaving ??= setTimeout(() => this.#drop(tab), this.#reloadTime).unref();
  }

  #dropSilent(): void {
    if (this.#tabs.size === 0 || this.#hasStreams()) return;
    const since = performance.now() - SILENCE;
    for (const tab of this.#tabs.values()) if (tab.heardAt < since) this.#drop(tab);
  }

  #drop(tab: OpenTab): void {
    clearTimeout(tab.leaving);
    if (!this.#tabs.delete(tab.id)) return;
    for (const listener of this.#listeners) listener(tab);
  }
}

/** Only the page that was loaded by a reload tells of it. */
function isReloaded(report: Report): boolean {
  return report.type === 'done' && report.changes.some(({ act }) => act === 'reload');
}
