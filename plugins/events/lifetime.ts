import { InvalidOptionError } from '../errors.ts';
import { intervalOption } from '../options.ts';

/** What can be said of any stream, whatever feeds it. */
export interface LifetimeOptions<State = unknown> {
  /** Ends the stream then, e.g. when a token expires: a Date, or seconds since the Unix epoch. */
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

/** Milliseconds after which a stream ends by itself. Throws a coded TypeError. */
export function lifetimeOf(
  until: LifetimeOptions['until'],
  maxAge: number | undefined,
): number | undefined {
  const ends: number[] = [];
  if (until !== undefined) ends.push(Math.max(0, timeOf(until) - Date.now()));
  if (maxAge !== undefined) {
    ends.push(intervalOption('maxAge', maxAge, 1) * (1 - Math.random() / 5));
  }
  return ends.length === 0 ? undefined : Math.min(...ends, MAX_DELAY);
}

function timeOf(until: Date | number): number {
  const time = until instanceof Date ? until.getTime() : until * 1000;
  const isTime = until instanceof Date || typeof until === 'number';
  if (isTime && Number.isFinite(time) && time <= MAX_SECONDS * 1000) return time;
  throw new InvalidOptionError('until', 'must be a Date, or seconds (not milliseconds) since 1970');
}
