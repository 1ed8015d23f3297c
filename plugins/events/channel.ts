import { InvalidChannelNameError, InvalidEventFieldError } from '../errors.ts';
import { Cursor, type Sink } from './cursor.ts';
import { formatEventId } from './event-id.ts';
import { Log } from './log.ts';
import { type EventMessage, toEventText } from './message.ts';
import type { EventStore } from './store.ts';

const MAX_NAME_BYTES = 255;

/** A named log and the cursors on it. */
export class Channel {
  readonly name: string;
  readonly #log: Log;
  readonly #cursors = new Map<Cursor, Sink>();
  #flushing = false;

  constructor(name: string, store: EventStore) {
    this.name = checkChannelName(name);
    this.#log = new Log(store, name, () => this.#scheduleFlush());
  }

  /** Number of open connections. */
  get size(): number {
    return this.#cursors.size;
  }

  /** Id of the newest event: what a page embeds to resume from. Undefined until the log is open. */
  get lastEventId(): string | undefined {
    const { epoch, head } = this.#log;
    return epoch === undefined ? undefined : formatEventId(epoch, head);
  }

  /** Opens the log ahead of the first publish or subscribe. */
  open(): Promise<void> {
    return this.#log.open();
  }

  /**
   * Appends an event to the log; every reader gets it from there. Resolves to its id once stored.
   * Throws a `DEV_SERVE_ERR_INVALID_EVENT_FIELD` at the call if the event cannot be written.
   */
  publish(message: EventMessage): Promise<string> {
    const event = toEventText(message);
    if ('id' in message)
      throw new InvalidEventFieldError('id', 'is given by the log: leave it out');
    return this.#log.append(event).then((entry) => entry.id);
  }

  /** Feeds `sink` with everything after `lastEventId`, or from now on without one. */
  subscribe(sink: Sink, lastEventId?: string): Cursor {
    const cursor = new Cursor(this.#log, sink, lastEventId);
    this.#cursors.set(cursor, sink);
    this.#log.open().then(
      () => cursor.wake(),
      (error: Error) => sink.close(error),
    );
    return cursor;
  }

  unsubscribe(cursor: Cursor): void {
    cursor.close();
    this.#cursors.delete(cursor);
  }

  /** Ends every connection and stops following the store. */
  close(): void {
    for (const [cursor, sink] of this.#cursors) {
      this.unsubscribe(cursor);
      sink.close();
    }
    this.#log.close();
  }

  /** Events of one turn reach a reader in one write, so fan-out waits for the turn to end. */
  #scheduleFlush(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    setImmediate(() => {
      this.#flushing = false;
      for (const cursor of this.#cursors.keys()) cursor.wake();
    });
  }
}

function checkChannelName(name: string): string {
  const bytes = typeof name === 'string' ? Buffer.byteLength(name) : 0;
  if (bytes === 0 || bytes > MAX_NAME_BYTES || /\p{Cc}/u.test(name)) {
    throw new InvalidChannelNameError();
  }
  return name;
}
