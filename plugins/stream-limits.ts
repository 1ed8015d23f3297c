import { integerOption, intervalOption, limitOption } from './options.ts';

/** How much the event streams and WebSockets of tabs may take. */
export interface StreamLimitOptions {
  /** Open event streams and WebSockets of all clients together. @default 1000 */
  readonly maxStreams?: number | undefined;
  /** Milliseconds between comments, or pings of WebSockets, on idle connections. @default 15000 */
  readonly heartbeatInterval?: number | undefined;
  /** Milliseconds until a client that takes nothing of what waits for it is cut off. @default 30000 */
  readonly stallTimeout?: number | undefined;
  /**
   * Bytes of a message from a WebSocket client; any is the end of its connection, one that is longer
   * before it has been received. Who registers WebSockets first sets it. @default 1024
   */
  readonly maxPayload?: number | undefined;
}

export type StreamLimits = Required<{
  readonly [Name in keyof StreamLimitOptions]: NonNullable<StreamLimitOptions[Name]>;
}>;

export const DEFAULT_STREAM_LIMITS: StreamLimits = {
  maxStreams: 1000,
  heartbeatInterval: 15_000,
  stallTimeout: 30_000,
  maxPayload: 1024,
};

/** @throws InvalidOptionError for what is no limit */
export function streamLimits({
  maxStreams = DEFAULT_STREAM_LIMITS.maxStreams,
  heartbeatInterval = DEFAULT_STREAM_LIMITS.heartbeatInterval,
  stallTimeout = DEFAULT_STREAM_LIMITS.stallTimeout,
  maxPayload = DEFAULT_STREAM_LIMITS.maxPayload,
}: StreamLimitOptions): StreamLimits {
  return {
    maxStreams: limitOption('maxStreams', maxStreams),
    heartbeatInterval: intervalOption('heartbeatInterval', heartbeatInterval, 1),
    stallTimeout: intervalOption('stallTimeout', stallTimeout, 1),
    maxPayload: integerOption('maxPayload', maxPayload, 1),
  };
}
