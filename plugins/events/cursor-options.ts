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

/** Hears what a cursor does, to count it. */
export interface CursorObserver {
  delivered(count: number): void;
  lost(): void;
}
