import { encodeSlice } from './encode.ts';
import type { Frame } from './message.ts';

/** How the bytes of one event stream are coded for its client (RFC 9110, 8.4). */
export interface ContentCoding {
  /** As `Content-Encoding` has it; undefined for none. */
  readonly name: 'gzip' | undefined;
  /** Whether another client might get another coding. */
  readonly isNegotiated: boolean;
  /** The first bytes. */
  begin(bytes: Buffer): Buffer;
  /** Bytes for this client alone. */
  own(bytes: Buffer): Buffer;
  /** Neighbouring events: the same Buffer for all readers at the same place, where that can be. */
  slice(slice: readonly Frame[]): Buffer;
  /** What follows the last bytes. */
  end(): Buffer;
}

const NOTHING = Buffer.alloc(0);

/** No coding: all bytes as they are. */
export const identity: ContentCoding = {
  name: undefined,
  isNegotiated: false,
  begin: (bytes) => bytes,
  own: (bytes) => bytes,
  slice: encodeSlice,
  end: () => NOTHING,
};

/** The same for a client that does not take the other one. */
export const refused: ContentCoding = { ...identity, isNegotiated: true };

/** Whether an `Accept-Encoding` has a place for gzip (RFC 9110, 12.5.3). */
export function acceptsGzip(accepted: string | undefined): boolean {
  const weights = new Map(accepted?.split(',').map(toWeight));
  // "*" is for those that are not listed.
  return (weights.get('gzip') ?? weights.get('x-gzip') ?? weights.get('*') ?? 0) > 0;
}

function toWeight(part: string): [coding: string, weight: number] {
  const [coding = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='));
  return [coding, weight === undefined ? 1 : Number(weight.slice(2))];
}
