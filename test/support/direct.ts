import { afterEach, beforeEach } from 'vitest';
import { directResponses } from '../../plugins/events/direct-response.ts';
import type { EventStream } from '../../plugins/events/event-stream.ts';

/** How the bytes of a stream get to its client. */
export type Way = 'direct' | 'piped';

/** Of a stream that has begun: nobody reads one that writes to its socket itself. */
export const wayOf = ({ readableFlowing }: EventStream): Way =>
  readableFlowing === null ? 'direct' : 'piped';

/** With `DEV_SERVE_DIRECT=off` every stream is piped. */
export const expectedWay = (way: Way): Way => (directResponses.enabled ? way : 'piped');

/** Has the tests around take that way where they can. */
export function takeWay(way: Way): void {
  const { enabled } = directResponses;
  beforeEach(() => {
    directResponses.enabled = enabled && way === 'direct';
  });
  afterEach(() => {
    directResponses.enabled = enabled;
  });
}
