/** A word of a command. */
export type Argument = string | Buffer;

export type Command = readonly [name: string, ...Argument[]];

/** What this store needs of a client, whichever package it is of. */
export interface RedisConnection {
  readonly isReady: boolean;
  /** Sends one command; strings in the reply are Buffers. */
  send(command: Command): Promise<unknown>;
  /** Calls back each time the connection becomes ready. Returns what takes the listener away. */
  onReady(listener: () => void): () => void;
  /** Keeps a connection loss from being an unhandled `error` event. Returns what undoes it. */
  ignoreErrors(): () => void;
  /** A connection of its own to the same Redis, not open yet, that never reconnects by itself. */
  duplicate(): OwnConnection;
}

/** A connection that belongs to this store. */
export interface OwnConnection {
  open(): Promise<unknown>;
  send(command: Command): Promise<unknown>;
  /** Ends it at once; replies that are waited for reject. */
  close(): void;
}
