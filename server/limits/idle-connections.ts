/** A connection that has had requests and waits for the next. */
export interface Idle {
  /** As `nameOf` tells it. */
  readonly name: string;
  /** Whether nothing of a next request has come, and nothing of an answer has still to leave. */
  isIdle(): boolean;
  end(): void;
}

/** Connections that nobody waits on, in the order in which they were last used. */
export class IdleConnections {
  readonly #byConnection = new Map<object, Idle>();

  /** Adds it as the one that was used last. */
  add(connection: object, idle: Idle): void {
    this.#byConnection.delete(connection);
    this.#byConnection.set(connection, idle);
  }

  delete(connection: object): void {
    this.#byConnection.delete(connection);
  }

  /** Ends the one that has waited longest; its name, if there is one. */
  endOne(): string | undefined {
    for (const [connection, idle] of this.#byConnection) {
      if (!idle.isIdle()) continue;
      this.#byConnection.delete(connection);
      idle.end();
      return idle.name;
    }
    return undefined;
  }
}
