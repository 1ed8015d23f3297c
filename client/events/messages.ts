import type { Frame } from '../protocol.ts';
import type { ConnectionFailure, EventTransport } from './events.ts';

/** What a tab says to the one that leads. */
export interface Asking {
  readonly tab: string;
  /** The event types that it listens to. */
  readonly types: readonly string[];
  /** Where it wants to be placed, which it is not yet; empty for the present. */
  readonly from?: string;
  /** The user looks at this tab: the next attempt is due now. */
  readonly hurry?: boolean;
}

/** What the leading tab says to the others; all of it also says that it is there. */
export interface Telling {
  readonly leader: string;
  /** The tab that is meant, where not all are. */
  readonly to?: string;
  /** `to`, or whoever there is, cannot be placed here, or not where it wants to be. */
  readonly behind?: boolean;
  /** There is something to be placed on now. */
  readonly live?: boolean;
  readonly frames?: readonly Frame[];
  /** Whether the frames are part of the log: the others are for those who are there. */
  readonly logged?: boolean;
  readonly transport?: EventTransport;
  readonly failure?: ConnectionFailure;
}
