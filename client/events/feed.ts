import type { Frame } from '../protocol.ts';
import type { ConnectionFailure, EventTransport } from './events.ts';

/** Where a connection leads and how. */
export interface Route {
  readonly url: string;
  /** Absent where there is none to fall back on. */
  readonly websocket: string | undefined;
  readonly headers: (() => HeadersInit | Promise<HeadersInit>) | undefined;
  readonly withCredentials: boolean;
}

export interface FeedListener {
  frame(frame: Frame, transport: EventTransport): void;
  /** The stream broke or did not open, and is tried again. */
  failed(failure: ConnectionFailure): void;
}

/** What frames come from, until it is closed. */
export interface Feed {
  /** Asks for events of one more type. */
  listen(type: string): void;
  /** Does not wait any longer for the next attempt. */
  hurry(): void;
  close(): void;
}

export interface Connection extends Feed {
  /** Does what a slow clock has left undone: timers of hidden pages may run once per minute. */
  catchUp(): void;
  /** Whether the stream is open and its first frame does not come. */
  isSilent(): boolean;
}
