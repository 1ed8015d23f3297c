import type { Log } from '../log.ts';
import { type Frame, POSITION, parseData, parseEventId } from '../protocol.ts';

/** Whether a position frame says that the stream was made for one client, as a snapshot is. */
export function isPrivate({ data }: Frame): boolean {
  return Object(parseData(data)).private === true;
}

/** The first frames of a reader: a position, and what it has missed. */
export interface Placement {
  readonly recovered: boolean;
  readonly frames: readonly Frame[];
}

/**
 * Puts a reader on the log where it wants to be, as the server does with one that resumes.
 *
 * @param from its cursor, empty for the present
 * @param present the id of the last frame
 * @returns undefined where the log does not reach back so far
 */
export function placeOn(log: Log, from: string, present: string): Placement | undefined {
  const at = parseEventId(from);
  if (from && !at) return undefined;
  const missed = at ? log.after(at) : [];
  if (missed === 'behind') return undefined;
  const recovered = missed !== 'lost';
  const id = from && recovered ? from : present;
  const position = { id, event: POSITION, data: JSON.stringify({ recovered }) };
  return { recovered, frames: recovered ? [position, ...missed] : [position] };
}
