import { NoEventError } from '../errors.ts';
import { POSITION } from '../events/message.ts';
import { type AnyEvents, assume, parseData } from '../events/typed-events.ts';
import { type ParsedEvent, parseEventStream } from './parse-event-stream.ts';
import type {
  AnyReceivedEvent,
  ReceivedEvent,
  ServerEvents,
  StreamHead,
} from './received-event.ts';

/** What an {@link EventReader} reads, and how it leaves. */
export interface ReaderConnection {
  readonly head: StreamHead;
  readonly pieces: AsyncIterable<string>;
  /** Longest wait of one call, in milliseconds. */
  readonly timeout: number;
  /** The client leaves; resolves when the server has seen it. */
  leave(): Promise<void>;
}

type Named<Events extends object> = Events & ServerEvents;

type Position = ReceivedEvent<typeof POSITION, ServerEvents[typeof POSITION]>;

interface Reading {
  readonly event?: ParsedEvent;
  /** Why there was none. */
  readonly stop?: string;
  /** What came before it. */
  readonly passed: readonly ParsedEvent[];
}

const ENDED = 'before the server ended the stream';
const LISTED = 10;

/** Reads a stream event by event: no more is taken from the server than was asked for. */
export class EventReader<Events extends object = AnyEvents> implements AsyncDisposable {
  readonly response: StreamHead;
  readonly #connection: ReaderConnection;
  readonly #events: AsyncGenerator<ParsedEvent>;
  /** The event that is waited for, or why none will come. */
  #coming: Promise<ParsedEvent | string> | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #left = false;
  #lastEventId = '';
  #position: Position | undefined;
  #retry: number | undefined;

  constructor(connection: ReaderConnection) {
    this.response = connection.head;
    this.#connection = connection;
    this.#events = parseEventStream(connection.pieces, (milliseconds) => {
      this.#retry = milliseconds;
    });
  }

  /** What a client would resume with after what was read; empty without an id. */
  get lastEventId(): string {
    return this.#lastEventId;
  }

  /** The last `dev-serve:position` among what was read. */
  get position(): Position | undefined {
    return this.#position;
  }

  /** The reconnection time last read, in milliseconds. */
  get retry(): number | undefined {
    return this.#retry;
  }

  /**
   * The next event of this type, past those of other types; without a type, the next event of the
   * app's, past those that dev-serve adds. Rejects with a `DEV_SERVE_ERR_NO_EVENT` that lists what
   * came instead.
   */
  next(): Promise<AnyReceivedEvent<Events>>;
  next<Type extends keyof Named<Events> & string>(
    type: Type,
  ): Promise<ReceivedEvent<Type, Named<Events>[Type]>>;
  async next(type?: string): Promise<unknown> {
    const isWanted = type === undefined ? isOfApp : ({ event }: ParsedEvent) => event === type;
    const { event, stop, passed } = await this.#inTurn(isWanted);
    if (event) return toReceived(event);
    throw new NoEventError(
      type === undefined ? 'event' : `event "${type}"`,
      stop ?? '',
      list(passed),
    );
  }

  /** Resolves when the server has ended the stream, to the events of the app's that were left. */
  async end(): Promise<AnyReceivedEvent<Events>[]> {
    const { stop, passed } = await this.#inTurn(() => false);
    if (stop !== ENDED) throw new NoEventError('end of the stream', stop ?? '', list(passed));
    return assume(passed.filter(isOfApp).map(toReceived));
  }

  /** The client leaves. Resolves when the server has seen it. */
  async close(): Promise<void> {
    this.#left = true;
    await this.#connection.leave();
  }

  /** The events of the app's until the server ends the stream; the client leaves with the loop. */
  async *[Symbol.asyncIterator](): AsyncGenerator<AnyReceivedEvent<Events>, void, undefined> {
    try {
      for (;;) {
        const { event, stop, passed } = await this.#inTurn(isOfApp);
        if (event) yield assume(toReceived(event));
        else if (stop === ENDED) return;
        else throw new NoEventError('event', stop ?? '', list(passed));
      }
    } finally {
      await this.close();
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Those who ask at the same time are served in the order of asking. */
  #inTurn(isWanted: (event: ParsedEvent) => boolean): Promise<Reading> {
    const reading = this.#turn.then(() => this.#read(isWanted));
    this.#turn = reading;
    return reading;
  }

  async #read(isWanted: (event: ParsedEvent) => boolean): Promise<Reading> {
    const passed: ParsedEvent[] = [];
    const { timeout } = this.#connection;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve(`within ${timeout} ms`), timeout);
    });
    try {
      for (;;) {
        this.#coming ??= this.#pull();
        const event = await Promise.race([this.#coming, late]);
        if (typeof event === 'string') return { stop: event, passed };
        this.#coming = undefined;
        this.#note(event);
        if (isWanted(event)) return { event, passed };
        passed.push(event);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  async #pull(): Promise<ParsedEvent | string> {
    try {
      const { done, value } = await this.#events.next();
      if (!done) return value;
    } catch {
      if (!this.#left) return 'before the server broke the stream off';
    }
    return this.#left ? 'before this client left' : ENDED;
  }

  #note(event: ParsedEvent): void {
    this.#lastEventId = event.id;
    if (event.event === POSITION) this.#position = assume(toReceived(event));
  }
}

function isOfApp({ event }: ParsedEvent): boolean {
  return !event.startsWith('dev-serve:');
}

function toReceived({ event, id, data }: ParsedEvent): ReceivedEvent<string, unknown> {
  return { event, id, data: parseData(data) };
}

function list(events: readonly ParsedEvent[]): string {
  if (events.length === 0) return 'nothing';
  const more = events.length > LISTED ? `${events.length - LISTED} more, then ` : '';
  const shown = events.slice(-LISTED).map(({ event, data }) => `${event} ${data.slice(0, 80)}`);
  return more + shown.join(', ');
}
