import { keepText } from '../events/encode.ts';
import { memoize } from '../events/memoize.ts';
import type { Frame } from '../events/message.ts';

/** The bytes of an event for clients that keep a position: `{id, event, data}`, data as text. */
export const envelopeFrame = memoize(({ id, event, data }: Frame): Buffer => {
  return keepText(JSON.stringify({ id, event, data }));
});

/** The bytes of an event for clients that know no envelopes: its data and nothing else. */
export const bareFrame = memoize(({ data }: Frame): Buffer => keepText(data));

/** Neighbouring events as a client that negotiated no extension receives them. */
export interface TextFrames {
  readonly bytes: Buffer;
  /** Bytes of the events themselves. */
  readonly size: number;
}

/** The frames of a slice, the same bytes for every reader that gets the same slice. */
export const envelopeFrames = memoize((slice: readonly Frame[]): TextFrames => {
  return toTextFrames(slice.map(envelopeFrame));
});

/** Without envelopes there is nothing to tell them of their place. */
export const bareFrames = memoize((slice: readonly Frame[]): TextFrames => {
  return toTextFrames(slice.filter(({ event }) => !isOwn(event)).map(bareFrame));
});

/** Whether it is an event of ours, of which a client without envelopes knows nothing. */
export function isOwn(event: string): boolean {
  return event.startsWith('dev-serve:');
}

function toTextFrames(payloads: readonly Buffer[]): TextFrames {
  return {
    bytes: Buffer.concat(payloads.flatMap((payload) => [headOf(payload.length), payload])),
    size: payloads.reduce((sum, { length }) => sum + length, 0),
  };
}

/** A final text frame, unmasked: "A server MUST NOT mask any frames" (RFC 6455, 5.1 and 5.2). */
function headOf(length: number): Buffer {
  const FINAL_TEXT = 0x81;
  if (length < 126) return Buffer.from([FINAL_TEXT, length]);
  const head = Buffer.alloc(length < 0x1_0000 ? 4 : 10);
  head[0] = FINAL_TEXT;
  if (length < 0x1_0000) {
    head[1] = 126;
    head.writeUInt16BE(length, 2);
  } else {
    head[1] = 127;
    head.writeBigUInt64BE(BigInt(length), 2);
  }
  return head;
}
