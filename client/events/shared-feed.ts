import { Log, type Reading } from '../log.ts';
import { type Frame, isRecovered, PING_MS, POSITION, parseEventId } from '../protocol.ts';
import {
  type Connection,
  type Feed,
  type FeedListener,
  openConnection,
  type Route,
} from './connection.ts';
import type { EventTransport } from './events.ts';
import type { Asking, Telling } from './messages.ts';

/** A leader that is silent for so many pings, of which it was asked in the last, is not there. */
const SILENT_PINGS = 3;

/**
 * One tab's share of a connection. The tab that holds the lock leads: it has the connection and
 * tells the others, and each of them has its own cursor and a log to lead with when its turn comes.
 */
export class SharedFeed implements Feed {
  readonly #route: Route;
  readonly #name: string;
  readonly #listener: FeedListener;
  readonly #types: Set<string>;
  readonly #id = crypto.randomUUID();
  readonly #channel: BroadcastChannel;
  readonly #timer: ReturnType<typeof setInterval>;
  #request = new AbortController();
  #release: (() => void) | undefined;
  #cursor: string;
  #log: Log;
  /** The types of which the log holds all events. */
  #complete = new Set<string>();
  /** The leader's, or one of this tab's own until the leader can place it. */
  #connection: Connection | undefined;
  #isLive = false;
  #transport: EventTransport = 'sse';
  #leader = '';
  #asked = '';
  #silence = 0;

  constructor(
    name: string,
    route: Route,
    cursor: string,
    types: Iterable<string>,
    listener: FeedListener,
  ) {
    this.#name = name;
    this.#route = route;
    this.#cursor = cursor;
    this.#log = new Log(parseEventId(cursor));
    this.#types = new Set(types);
    this.#listener = listener;
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = ({ data }: MessageEvent<Asking | Telling>) =>
      'tab' in data ? this.#answer(data) : this.#hear(data);
    this.#timer = setInterval(() => this.#tick(), PING_MS);
    this.#lock();
    this.#join('');
  }

  listen(type: string): void {
    this.#types.add(type);
    this.#connection?.listen(type);
    this.#ask();
  }

  hurry(): void {
    this.#connection?.hurry();
    this.#ask({ hurry: true });
  }

  close(): void {
    clearInterval(this.#timer);
    this.#channel.close();
    this.#disconnect();
    this.#request.abort();
    this.#release?.();
  }

  #lock(steal = false): void {
    this.#request.abort();
    const request = new AbortController();
    this.#request = request;
    const lead = (): Promise<void> =>
      new Promise((resolve) => {
        if (request.signal.aborted) return resolve();
        this.#release = resolve;
        this.#lead();
      });
    navigator.locks
      .request(this.#name, steal ? { steal } : { signal: request.signal }, lead)
      .catch((error: unknown) => {
        if (request.signal.aborted) return;
        if (error instanceof DOMException && error.name === 'AbortError') this.#stepDown();
        // "SecurityError": nothing is shared here.
        else this.#connect();
      });
  }

  #lead(): void {
    this.#leader = this.#id;
    if (this.#isLive) this.#tell({ live: true });
    this.#connect();
  }

  /** Another tab took this one, which did not answer, for gone. */
  #stepDown(): void {
    this.#release = undefined;
    this.#disconnect();
    this.#leader = '';
    this.#lock();
    this.#join('');
  }

  #connect(): void {
    if (this.#connection) return;
    this.#completeTypes();
    this.#connection = openConnection(this.#route, this.#cursor, this.#types, {
      frame: (frame, transport) => this.#receive(frame, transport),
      failed: (failure) => {
        this.#isLive = false;
        this.#tell({ failure });
        this.#listener.failed(failure);
      },
    });
  }

  #disconnect(): void {
    this.#connection?.close();
    this.#connection = undefined;
    this.#isLive = false;
  }

  /** From the stream that is opened next the log holds all events of all types. */
  #completeTypes(types: Iterable<string> = this.#types): boolean {
    const missing = [...types].filter((type) => !this.#complete.has(type));
    if (missing.length === 0) return false;
    this.#complete = new Set([...this.#complete, ...missing]);
    this.#log = new Log(parseEventId(this.#cursor));
    return true;
  }

  /** From this tab's own connection. */
  #receive(frame: Frame, transport: EventTransport): void {
    const live = frame.event === POSITION;
    this.#isLive ||= live;
    this.#transport = transport;
    const logged = this.#take(frame, transport, false);
    this.#tell({ frames: [frame], logged, live, transport });
  }

  /** @returns whether the log, where it did not have the frame yet, has it now */
  #take(frame: Frame, transport: EventTransport, isOnce: boolean): boolean {
    const isPosition = frame.event === POSITION;
    if (isPosition) this.#log.moveTo(frame.id, isRecovered(frame));
    const isNew = isPosition || this.#log.append(frame);
    if (isOnce && !isNew) return false;
    // A tab may be ahead of the place where the leader resumes.
    const id = isPosition && parseEventId(frame.id) ? this.#log.head : frame.id;
    this.#cursor = id || this.#cursor;
    this.#listener.frame({ ...frame, id }, transport);
    return isNew;
  }

  #answer({ tab, types, from, hurry }: Asking): void {
    for (const type of types) {
      if (this.#types.has(type)) continue;
      this.#types.add(type);
      this.#connection?.listen(type);
    }
    if (this.#leader !== this.#id) return;
    if (hurry) this.#connection?.hurry();
    this.#connection?.catchUp();
    if (from === undefined || !this.#isLive) this.#tell({});
    else this.#place(tab, from, types);
  }

  /** Puts a tab on the log where its cursor says, as the server does with a resumed reader. */
  #place(to: string, from: string, types: readonly string[]): void {
    const reading = this.#read(from);
    const isComplete = types.every((type) => this.#complete.has(type));
    if (reading === 'behind' || (from && reading !== 'lost' && !isComplete)) {
      this.#tell({ to, behind: true });
      if (!this.#completeTypes()) return;
      this.#tell({ complete: [...this.#complete] });
      this.#connection?.restart();
      return;
    }
    const recovered = reading !== 'lost';
    const id = recovered && from ? from : this.#cursor;
    const position = { id, event: POSITION, data: JSON.stringify({ recovered }) };
    const frames = recovered ? [position, ...reading] : [position];
    const complete = [...this.#complete];
    this.#tell({ to, complete, frames, logged: true, transport: this.#transport });
  }

  #read(from: string): Reading {
    if (!from) return [];
    const place = parseEventId(from);
    return place ? this.#log.after(place) : 'behind';
  }

  #hear(telling: Telling): void {
    const { leader, to, behind, live } = telling;
    if (this.#leader === this.#id) return;
    this.#silence = 0;
    if (leader === this.#leader) {
      if (!to) this.#follow(telling);
    } else if (to === this.#id && behind) {
      this.#connect();
    } else if (to === this.#id) {
      this.#disconnect();
      this.#leader = leader;
      this.#follow(telling);
    } else if (!to) {
      this.#leader = '';
      if (live || this.#asked !== leader) this.#join(leader);
    }
  }

  #follow({ complete, frames = [], logged = false, transport = 'sse', failure }: Telling): void {
    if (complete) {
      this.#complete = new Set(complete);
      this.#log = new Log(parseEventId(this.#cursor));
    }
    for (const frame of frames) this.#take(frame, transport, logged);
    if (failure) this.#listener.failed(failure);
  }

  #tick(): void {
    if (this.#leader === this.#id) return;
    if (this.#silence >= SILENT_PINGS) this.#lock(true);
    else if (!this.#leader) this.#join(this.#asked);
    else if (this.#silence > 0) this.#ask();
    this.#silence = (this.#silence + 1) % (SILENT_PINGS + 1);
  }

  #join(leader: string): void {
    this.#asked = leader;
    this.#ask({ from: this.#cursor });
  }

  #ask(more?: Partial<Asking>): void {
    this.#channel.postMessage({ tab: this.#id, types: [...this.#types], ...more });
  }

  #tell(telling: Omit<Telling, 'leader'>): void {
    if (this.#leader === this.#id) this.#channel.postMessage({ leader: this.#id, ...telling });
  }
}
