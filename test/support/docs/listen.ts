import { onTestFinished } from 'vitest';
import type { Received } from '../contiguity.ts';
import { openSSE } from '../event-reader.ts';

/** Collects the events of a stream until the test ends. */
export function listen(url: string, lastEventId?: string, open = openSSE): Received[] {
  const events: Received[] = [];
  const reader = open(url, lastEventId, {
    onEvent: (event) => events.push(event),
    onClose() {},
  });
  onTestFinished(() => reader.kill());
  return events;
}

/** The data of the events that are no positions. */
export function dataOf(events: readonly Received[]): unknown[] {
  return events
    .filter(({ event }) => event !== 'dev-serve:position')
    .map(({ data }) => JSON.parse(data));
}
