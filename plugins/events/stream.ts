import type { StreamMessage } from './message.ts';

/** One client's connection, whatever its transport, as the app sees it. */
export interface ChannelStream<State = unknown> {
  /** What the app has given it, e.g. the user. */
  readonly state: State;
  /** False once it has ended: nothing that is sent from then on reaches the client. */
  readonly open: boolean;
  /**
   * Sends an event to this client alone, after everything that was published before. False, and
   * nothing more, when the stream has ended; throws a `DEV_SERVE_ERR_INVALID_EVENT_FIELD` if the
   * event cannot be written.
   */
  send(message: StreamMessage | string): boolean;
  /**
   * Ends the stream after what was published before, for which the client has a quarter of a second; it
   * connects again after its reconnection time.
   */
  close(): void;
  /**
   * Ends the stream as {@link close} does and tells the client not to come back. What its system has not
   * taken half a second later, once it has been answered, is dropped.
   */
  evict(): void;
}
