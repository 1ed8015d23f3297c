import { type Position, parseEventId } from './event-id.ts';
import type { Entry } from './message.ts';
import { takeSlices } from './recent-entries.ts';
import type { Page } from './store.ts';

/** A part of the history of several channels, read as one. */
export interface MergedPage {
  /** In the order of their numbers, cut into writes. */
  readonly slices: readonly (readonly Entry[])[];
  /** Everything up to this number is in there: the place of a reader that has taken all of them. */
  readonly through: number;
  /** Whether any of the channels had a gap in front of these. */
  readonly gap: boolean;
  /** Whether the place asked for is one of this log. */
  readonly isKnown: boolean;
}

/** What is left of a page to a reader that takes it write by write. */
export type Rest = Pick<MergedPage, 'slices' | 'through'>;

/** What pages were read with: the same for all of them. */
export interface PageQuery {
  readonly after: Position;
  readonly limit: number;
  /** The newest entry known at that time. */
  readonly head: number;
}

/** Merges one page of each channel. Entries that another channel's page may not reach are left out. */
export function mergePages(pages: readonly Page[], { after, limit, head }: PageQuery): MergedPage {
  const { seq } = after;
  const ends = pages.map(({ entries, more }) => {
    const last = entries.at(-1)?.seq ?? seq;
    // The pages were not read in one moment: past `head`, another one may lack what this one has.
    const complete = Math.max(head, pages.length === 1 ? last : seq);
    return entries.length < limit && !more ? complete : last;
  });
  const end = Math.min(...ends);
  const merged = pages
    .flatMap(({ entries }) => entries.filter((entry) => entry.seq <= end))
    .sort((a, b) => a.seq - b.seq);
  const isKnown = pages.some((page) => !page.gap || isAfter(page, after));
  return { slices: takeSlices(merged), through: end, gap: pages.some(({ gap }) => gap), isKnown };
}

/** What a page has for a place in its middle: all writes but the first are those of the page. */
export function restAfter(page: MergedPage, seq: number): MergedPage {
  const slices = page.slices
    .filter((slice) => (slice.at(-1)?.seq ?? 0) > seq)
    .map((slice) => ((slice[0]?.seq ?? 0) > seq ? slice : slice.filter((one) => one.seq > seq)));
  return { ...page, slices };
}

/** Whether what is behind a gap is of the same log, and not what any other place would get. */
function isAfter({ entries: [first] }: Page, after: Position): boolean {
  const place = first && parseEventId(first.id);
  return place !== undefined && place.epoch === after.epoch && place.seq > after.seq;
}
