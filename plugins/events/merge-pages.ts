import type { Entry } from './message.ts';
import { takeSlice } from './recent-entries.ts';
import type { Page } from './store.ts';

/** A part of the history of several channels, read as one. */
export interface MergedPage {
  /** In the order of their numbers. */
  readonly entries: readonly Entry[];
  /** Everything up to this number is in `entries`: the place of a reader that has taken them. */
  readonly through: number;
  /** Whether any of the channels had a gap in front of these. */
  readonly gap: boolean;
}

/**
 * Merges one page of each channel, all read after the same position with the same limit, when the
 * newest entry known was `head`. Entries that another channel's page may not reach yet are left out.
 */
export function mergePages(pages: readonly Page[], limit: number, head: number): MergedPage {
  const ends = pages.map(({ entries }) => {
    const last = entries.at(-1)?.seq ?? 0;
    // The pages were not read in one moment: past `head`, another one may lack what this one has.
    const complete = pages.length === 1 ? Math.max(head, last) : head;
    return entries.length < limit ? complete : last;
  });
  const end = Math.min(...ends);
  const merged = pages
    .flatMap(({ entries }) => entries.filter(({ seq }) => seq <= end))
    .sort((a, b) => a.seq - b.seq);
  const entries = takeSlice(merged);
  const through = entries.length < merged.length ? (entries.at(-1)?.seq ?? end) : end;
  return { entries, through, gap: pages.some(({ gap }) => gap) };
}
