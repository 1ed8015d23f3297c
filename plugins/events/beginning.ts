import { parseEventId } from './event-id.ts';

/** What a reader asks for: its own last id, else what the app has chosen for those without one. */
export interface Wish {
  readonly lastEventId?: string | undefined;
  /** `now`, `earliest` or an event id. @default 'now' */
  readonly from?: string | undefined;
}

/** Where a reader begins. */
export type Beginning =
  /** After the newest entry. */
  | { readonly kind: 'now' }
  /** With the oldest entry that is kept: what came before that is no loss. */
  | { readonly kind: 'earliest'; readonly seq: 0 }
  /** After this number. */
  | { readonly kind: 'resume'; readonly seq: number }
  /** Its place is of another log, or no place at all. */
  | { readonly kind: 'lost' };

/** Decides where a reader begins in the log called `epoch`. */
export function chooseBeginning({ lastEventId, from = 'now' }: Wish, epoch: string): Beginning {
  if (lastEventId === undefined && (from === 'now' || from === 'earliest')) {
    return from === 'now' ? { kind: 'now' } : { kind: 'earliest', seq: 0 };
  }
  const position = parseEventId(lastEventId ?? from);
  if (position?.epoch !== epoch) return { kind: 'lost' };
  return { kind: 'resume', seq: position.seq };
}
