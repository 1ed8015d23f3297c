import type { EventEmitter } from 'node:events';

/** What is used of a WebSocket. */
export interface OutgoingSocket extends EventEmitter {
  readonly OPEN: number;
  readonly readyState: number;
  /** Those that were negotiated, empty if none. */
  readonly extensions: string;
  /** Bytes that have not left this process yet. */
  readonly bufferedAmount: number;
  send(data: Buffer, options: { binary: boolean }, done: () => void): void;
  ping(): void;
  close(code?: number): void;
  terminate(): void;
}
