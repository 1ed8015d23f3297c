export type Durability = 'commit' | 'flush';

/** What a run leaves beside the log, for the next one to judge the log by. */
export interface Mark {
  /** Whether the run has ended with `close`. */
  readonly clean: boolean;
  readonly durability: Durability;
  /** Names the time since the machine was started; undefined where there is no such name. */
  readonly bootId?: string | undefined;
}

/** What a log that is found on disk is good for. */
export type Start = 'continue' | 'anew';

/**
 * Whether everything that was ever reported is still in the log, so that no number can be given out
 * twice. Without a mark there was no run.
 */
export function judge(mark: Mark | undefined, bootId: string | undefined): Start {
  if (mark === undefined || mark.clean) return 'continue';
  // What was flushed outlives the machine; what was only committed lies in its memory until then.
  if (mark.durability === 'flush') return 'continue';
  const sameBoot = mark.bootId !== undefined && mark.bootId === bootId;
  return sameBoot ? 'continue' : 'anew';
}

/** Reads a mark; undefined if the text is none. */
export function parseMark(text: string): Mark | undefined {
  try {
    const { clean, durability, bootId } = JSON.parse(text);
    const isMark =
      typeof clean === 'boolean' && (durability === 'commit' || durability === 'flush');
    const hasId = bootId === undefined || typeof bootId === 'string';
    return isMark && hasId ? { clean, durability, bootId } : undefined;
  } catch {
    return undefined;
  }
}
