import { InvalidOptionError } from '../errors.ts';
import { intervalOption } from '../options.ts';

/** What can be said of any stream, whatever feeds it. */
export interface LifetimeOptions<State = unknown> {
  /**
   * Ends the stream then, e.g. when a token expires: a Date, or seconds since the Unix epoch. What its
   * client's system has not taken half a second later, once it has been answered, is dropped.
   */
  readonly until?: Date | number | undefined;
  /** Ends the stream after so many milliseconds, less up to a fifth, so that not all come back at once. */
  readonly maxAge?: number | undefined;
  /** What the app wants to know of this client later, as `stream.state`. */
  readonly state?: State | undefined;
}

export const LIFETIME_OPTIONS = ['until', 'maxAge', 'state'] as const;

const MAX_DELAY = 2 ** 31 - 1;
/** In the year 5138; as milliseconds, in 1973. */
const MAX_SECONDS = 1e11;

/** When a stream ends by itself, in milliseconds from now. */
export interface Ending {
  readonly after: number;
  /** Whether its client may not read any more from then on. */
  readonly isRevocation: boolean;
}

const NONE: readonly never[] = [];

/** Throws a coded TypeError. */
export function endingsOf(
  until: LifetimeOptions['until'],
  maxAge: number | undefined,
): readonly Ending[] {
  if (until === undefined && maxAge === undefined) return NONE;
  const endings: Ending[] = [];
  if (until !== undefined) {
    const after = Math.min(Math.max(0, timeOf(until) - Date.now()), MAX_DELAY);
    endings.push({ after, isRevocation: true });
  }
  if (maxAge !== undefined) {
    const after = intervalOption('maxAge', maxAge, 1) * (1 - Math.random() / 5);
    endings.push({ after, isRevocation: false });
  }
  return endings;
}

/** Calls back when each of them is due. */
export function startClocks(
  endings: readonly Ending[],
  end: (ending: Ending) => void,
): readonly NodeJS.Timeout[] {
  // Most have none: nothing is kept for these.
  if (endings.length === 0) return NONE;
  return endings.map((ending) => setTimeout(() => end(ending), ending.after).unref());
}

function timeOf(until: Date | number): number {
  const time = until instanceof Date ? until.getTime() : until * 1000;
  const isTime = until instanceof Date || typeof until === 'number';
  if (isTime && Number.isFinite(time) && time <= MAX_SECONDS * 1000) return time;
  throw new InvalidOptionError('until', 'must be a Date, or seconds (not milliseconds) since 1970');
}
