/** What this store needs of a connection, whichever package it is of. Strings in replies are Buffers. */
export interface Evaluator {
  /** Sends one of the two commands, with one key. */
  evaluate(
    command: 'EVAL' | 'EVALSHA',
    script: string,
    key: string,
    args: readonly string[],
  ): Promise<unknown>;
}

/** The user's client. */
export interface RedisConnection extends Evaluator {
  readonly isReady: boolean;
  /** Calls back each time the connection becomes ready. Returns what takes the listener away. */
  onReady(listener: () => void): () => void;
  /** Keeps a connection loss from being an unhandled `error` event. Returns what undoes it. */
  ignoreErrors(): () => void;
  /** A connection of its own to the same Redis, not open yet, that never reconnects by itself. */
  duplicate(): OwnConnection;
}

/** A connection that belongs to this store. */
export interface OwnConnection extends Evaluator {
  open(): Promise<unknown>;
  /** Sends XREAD. */
  read(args: readonly string[]): Promise<unknown>;
  /** Ends it at once; replies that are waited for reject. */
  close(): void;
}
