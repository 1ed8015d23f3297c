import { randomBytes } from 'node:crypto';

/** A place in a log: after the entry numbered `seq` of the log called `epoch`. */
export interface Position {
  readonly epoch: string;
  readonly seq: number;
}

const EVENT_ID = /^([0-9a-z]{1,32})-(0|[1-9][0-9]{0,15})$/;

/** A name for a log that no other log has had: ids of one are never taken for ids of another. */
export function newEpoch(): string {
  return BigInt(`0x${randomBytes(6).toString('hex')}`).toString(36);
}

/** `<epoch>-<seq>` */
export function formatEventId(epoch: string, seq: number): string {
  return `${epoch}-${seq}`;
}

/** The epoch of an entry's id; `expected` is most likely it, and undefined if the id is none of ours. */
export function epochOf(id: string, seq: number, expected: string | undefined): string | undefined {
  if (expected !== undefined && id === formatEventId(expected, seq)) return expected;
  return parseEventId(id)?.epoch;
}

/** Reads an id that came from outside; anything that is not one of ours is undefined. */
export function parseEventId(id: string): Position | undefined {
  const [, epoch, digits] = EVENT_ID.exec(id) ?? [];
  if (epoch === undefined || digits === undefined) return undefined;
  const seq = Number(digits);
  return Number.isSafeInteger(seq) ? { epoch, seq } : undefined;
}
