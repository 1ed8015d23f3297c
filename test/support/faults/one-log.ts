import { expect } from 'vitest';
import { parseEventId } from '../../../plugins/events/event-id.ts';
import type { Received } from '../contiguity.ts';
import type { Journal } from './journal.ts';
import type { Acknowledged } from './publisher.ts';

/**
 * Every reader has all that was acknowledged up to an event, in one order, without a loss.
 * `channels`: all that there are; who reads them all shows what the others have to have.
 */
export function expectOneLog(
  journals: readonly Journal[],
  channels: readonly string[],
  acknowledged: readonly Acknowledged[],
  end: string,
): void {
  const last = parseEventId(end)?.seq ?? 0;
  // They are in order, which the journal has seen to.
  const upToEnd = ({ entries }: Journal) =>
    entries.slice(0, 1 + entries.findLastIndex(({ id }) => (parseEventId(id)?.seq ?? 0) <= last));
  const whole = journals.find((journal) => journal.channels.length === channels.length);
  const log = whole ? upToEnd(whole) : [];
  const logs = new Map<string, readonly Received[]>();
  const logOf = (names: readonly string[]) => {
    const known = logs.get(names.join());
    const own = known ?? log.filter(({ data }) => names.includes(data.split(' ')[0] ?? ''));
    logs.set(names.join(), own);
    return own;
  };
  const dataOf = new Map(log.map(({ id, data }) => [id, data]));
  expect(acknowledged.filter(({ id, data }) => dataOf.get(id) !== data)).toEqual([]);
  expect(new Set(log.map(({ data }) => data)).size).toBe(log.length);
  for (const journal of journals) {
    const { losses, epochs } = journal;
    expect({ losses, epochs }).toEqual({ losses: 0, epochs: [parseEventId(end)?.epoch] });
    const [read, expected] = [upToEnd(journal), logOf(journal.channels)];
    // Equal events are one object, so a long log is compared without its text.
    const isEqual =
      read.length === expected.length && read.every((entry, nth) => entry === expected[nth]);
    if (!isEqual) expect(read.map(toText)).toEqual(expected.map(toText));
  }
}

function toText({ id, data }: Acknowledged): string {
  return `${id} ${data.slice(0, 40)}`;
}
