import { memoize } from '../events/memoize.ts';
import type { Frame } from '../events/message.ts';

/** The bytes of an event for clients that keep a position: `{id, event, data}`, data as text. */
export const envelopeFrame = memoize(({ id, event, data }: Frame): Buffer => {
  return Buffer.from(JSON.stringify({ id, event, data }));
});

/** The bytes of an event for clients that know no envelopes: its data and nothing else. */
export const bareFrame = memoize(({ data }: Frame): Buffer => Buffer.from(data));
