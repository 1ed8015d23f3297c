import { HUB_DEFAULTS } from './events/hub-settings.ts';
import { integerOption, intervalOption, limitOption } from './options.ts';

/** How much the event streams and WebSockets of tabs may take. */
export interface StreamLimitOptions {
  /** Open event streams and WebSockets of all clients together. @default 1000 */
  readonly maxStreams?: number | undefined;
  /**
   * Milliseconds between comments, or pings of WebSockets, on idle connections. A WebSocket that has not
   * answered a ping by the next is cut off. @default 15000
   */
  readonly heartbeatInterval?: number | undefined;
  /** Milliseconds until a client that takes nothing of what waits for it is cut off. @default 30000 */
  readonly stallTimeout?: number | undefined;
  /**
   * Bytes of a message over WebSocket, which is read only to be refused: tabs send none. To be left out
   * where the app has registered WebSockets before. @default 1024
   */
  readonly maxPayload?: number | undefined;
}

export type StreamLimits = Required<{
  readonly [Name in keyof StreamLimitOptions]: NonNullable<StreamLimitOptions[Name]>;
}>;

export const DEFAULT_STREAM_LIMITS: StreamLimits = {
  maxStreams: 1000,
  heartbeatInterval: HUB_DEFAULTS.heartbeatInterval,
  stallTimeout: HUB_DEFAULTS.stallTimeout,
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
