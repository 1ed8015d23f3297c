import type { Wish } from './beginning.ts';
import type { OutletOptions } from './outlet.ts';
import type { SnapshotSource } from './snapshot.ts';

/** Where a cursor begins and what it lets through. */
export interface CursorOptions extends Wish, OutletOptions {
  /** The state, for a reader that begins now or has lost events. */
  readonly snapshot?: SnapshotSource | undefined;
  /** Instead of telling a reader that it has lost events. @default snapshot */
  readonly onLost?: SnapshotSource | undefined;
}

/** Whose a cursor is. */
export interface CursorOwner {
  /** Its reader has lost events. */
  lost(): void;
  /** All that comes before its end is written. */
  reached(): void;
  /** It cannot go on. */
  failed(error: unknown): void;
}
