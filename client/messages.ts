import type { Frame, Transport } from './protocol.ts';

/** What a tab says to the worker: here it is (again), and what it saw last; or that it goes. */
export type TabMessage =
  | { readonly type: 'here'; readonly cursor?: string; readonly transport?: Transport }
  | { readonly type: 'bye' };

/** What the worker says to a tab; `behind`: the log does not reach back to the tab's cursor. */
export type WorkerMessage =
  | { readonly type: 'ping' }
  | { readonly type: 'behind' }
  | { readonly type: 'proven'; readonly transport: Transport }
  | { readonly type: 'frame'; readonly frame: Frame };
