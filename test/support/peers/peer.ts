/** An event as a foreign client hands it to its user. */
export interface PeerEvent {
  readonly type: string;
  readonly data: string;
  readonly lastEventId: string;
}

export interface PeerConnection {
  /** Leaves, and stops coming back. */
  close(): void;
}

/** A client that others wrote, behind the one interface that the tests drive. */
export interface Peer {
  readonly name: string;
  /** False where the program it needs is not installed. */
  readonly available: boolean;
  readonly transport: 'sse' | 'websocket';
  /** What this client makes of some data where it departs from the specification. */
  readonly misreads?: (data: string) => string;
  /** Connects, and comes back after a broken connection, until it is closed. */
  open(url: string, types: readonly string[], onEvent: (event: PeerEvent) => void): PeerConnection;
}
