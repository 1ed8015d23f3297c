/** What has happened since the start, and how many streams there are now. */
export interface Stats {
  /** Open streams, of all transports. */
  readonly streams: number;
  /** Channels that have readers. */
  readonly channels: number;
  /** Events published by this process. */
  readonly publishes: number;
  /** Events written to readers, each reader counted. */
  readonly deliveries: number;
  /** Times a reader was told that it had lost events, or got a snapshot instead. */
  readonly lost: number;
  /** Streams refused because of `maxStreams` and the like. */
  readonly refused: number;
  /**
   * Streams broken off because their client took nothing for `stallTimeout`, left too much, or did not
   * answer a ping.
   */
  readonly stalled: number;
  /** Bytes of events and comments as they are sent, compressed or not, before any transport's framing. */
  readonly bytes: number;
}

/** The counters behind {@link Stats}. */
export class Figures {
  publishes = 0;
  deliveries = 0;
  lost = 0;
  refused = 0;
  stalled = 0;
  bytes = 0;
}
