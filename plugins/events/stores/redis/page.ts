import type { Position } from '../../event-id.ts';
import type { Page } from '../../store.ts';
import { type ChannelEntry, toChannelEntry, toItems, toList, toText } from './replies.ts';

/** Makes a page of the reply of the script READ. */
export function toPage(channel: string, after: Position, reply: unknown): Page {
  const [epoch = '', head, last, forgotten] = toList(reply).slice(0, 4).map(toText);
  const items = toItems(toList(reply)[4]);
  const found = items.flatMap((item) => toChannelEntry(channel, epoch, item) ?? []);
  const entries = upToHole(found).map(({ entry }) => entry);
  // What somebody else has put between them, or taken out, is not the end.
  const isCut = entries.length > 0 && entries.length < items.length;
  const page = { entries, ...(isCut && { more: true }) };
  // A position beyond the head is none of this log: it has lost its end.
  if (epoch !== after.epoch || after.seq > Number(head)) return { ...page, gap: true };
  // Each entry names the one before it; an unknown channel may be one that was forgotten.
  const previous = found[0]?.previous ?? (Number(last) || Number(forgotten));
  return { ...page, gap: previous > after.seq };
}

/** Entries that each name the one before: what is missing behind them is the gap of the next page. */
function upToHole(found: readonly ChannelEntry[]): readonly ChannelEntry[] {
  const hole = found.findIndex(
    ({ previous }, index) => index > 0 && previous !== found[index - 1]?.entry.seq,
  );
  return hole === -1 ? found : found.slice(0, hole);
}
