import type { Connections } from './connections.ts';
import type { Figures } from './figures.ts';
import type { Outbox } from './outbox.ts';

/** Where streams are counted and kept. */
export interface StreamHost {
  readonly figures: Figures;
  readonly connections: Connections;
  readonly outbox: Outbox;
  /** Bytes that may wait for a client alone. */
  readonly maxUnread: number;
}
