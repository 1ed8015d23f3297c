import { Log } from '../log.ts';
import { type Frame, isRecovered, PING_MS, POSITION, parseEventId } from '../protocol.ts';
import { openConnection } from './connection.ts';
import { CLOSE, type EventTransport } from './events.ts';
import type { Connection, Feed, FeedListener, Route } from './feed.ts';
import type { Asking, Telling } from './messages.ts';
import { isPrivate, placeOn } from './place-on.ts';

/** A leader that says nothing for so many pings, and was asked in the last, is not there. */
const SILENT_PINGS = 2;

/**
 * One tab's share of a connection. The tab that holds the lock leads: it has the connection, tells
 * the others, and places those who come later on its log. Closures, since the bytes count.
 */
export function shareConnection(
  name: string,
  route: Route,
  cursor: string,
  given: Iterable<string>,
  listener: FeedListener,
): Feed {
  const id = crypto.randomUUID();
  const types = new Set(given);
  const channel = new BroadcastChannel(name);
  /** While another tab leads this one only needs to know what it has had. */
  let log = new Log(parseEventId(cursor), 0);
  /** The types of which the log holds all events: an EventSource hears only those it listens to. */
  let complete = new Set<string>();
  let connection: Connection | undefined;
  /** Whether others can be placed on the stream, where that is known: it says so first or never. */
  let isShared: boolean | undefined;
  let transport: EventTransport = 'sse';
  /** The tab that leads this one, which may be itself. */
  let leader = '';
  let asked = '';
  let silence = 0;
  let request = new AbortController();
  let release = (): void => {};

  const ask = (more?: Partial<Asking>): void =>
    channel.postMessage({ tab: id, types: [...types], ...more } satisfies Asking);

  const join = (other: string): void => {
    asked = other;
    ask({ from: cursor });
  };

  const tell = (telling: Omit<Telling, 'leader'>): unknown =>
    leader === id && channel.postMessage({ leader, ...telling } satisfies Telling);

  /** @returns whether the log, where it did not have the frame yet, has it now */
  const note = (frame: Frame): boolean => {
    if (frame.event !== POSITION) return log.append(frame);
    log.moveTo(frame.id, isRecovered(frame));
    return true;
  };

  const pass = (frame: Frame): void => {
    // A tab may be ahead of the place where the leader resumes.
    const isPlace = frame.event === POSITION && parseEventId(frame.id);
    const at = isPlace ? log.head : frame.id;
    cursor = at || cursor;
    listener.frame({ ...frame, id: at }, transport);
  };

  const connect = (): void => {
    complete = new Set(types);
    log = new Log(parseEventId(cursor));
    if (connection) return;
    connection = openConnection(route, cursor, types, {
      frame(frame, by) {
        const live = frame.event === POSITION;
        if (live) isShared = !isPrivate(frame);
        // An eviction concerns them all, a stream that begins in the middle only its reader.
        else isShared ??= frame.event === CLOSE;
        transport = by;
        const logged = note(frame);
        tell(isShared ? { frames: [frame], logged, live, transport } : { behind: true });
        pass(frame);
      },
      failed(failure) {
        isShared = undefined;
        tell({ failure });
        listener.failed(failure);
      },
    });
  };

  const disconnect = (): void => {
    connection?.close();
    connection = isShared = undefined;
  };

  const lock = (steal: boolean): void => {
    request.abort();
    request = new AbortController();
    const { signal } = request;
    const lead = (): Promise<void> =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve();
        release = resolve;
        leader = id;
        tell({});
        connect();
      });
    navigator.locks.request(name, steal ? { steal } : { signal }, lead).catch(() => {
      if (signal.aborted) return;
      // "SecurityError": nothing is shared here.
      if (leader !== id) return connect();
      // Another tab took this one, which did not answer, for gone.
      disconnect();
      leader = '';
      lock(false);
      join('');
    });
  };

  const answer = ({ tab, types: wanted, from, hurry }: Asking): void => {
    for (const type of wanted) listen(type);
    if (leader !== id) return;
    if (hurry) connection?.hurry();
    connection?.catchUp();
    if (connection?.isSilent()) isShared ??= false;
    if (from === undefined || isShared === undefined) tell({});
    else place(tab, from, wanted);
  };

  const place = (to: string, from: string, wanted: readonly string[]): unknown => {
    const placement = isShared && placeOn(log, from, cursor);
    const isComplete = !from || !isShared || wanted.every((type) => complete.has(type));
    if (placement && (isComplete || !placement.recovered)) {
      return tell({ to, frames: placement.frames, logged: true, transport });
    }
    tell({ to, behind: true });
    if (isComplete) return;
    // A WebSocket brings all types anyway.
    if (transport === 'sse') disconnect();
    connect();
  };

  const hear = (telling: Telling): void => {
    const { to, behind, failure, frames = [] } = telling;
    const isEnd = frames[0]?.event === CLOSE;
    // Whoever takes over from an evicted tab may hear of that only then.
    if (isEnd) frames.forEach(pass);
    silence = 0;
    if (isEnd || leader === id || (to && to !== id)) return;
    if (failure && !connection) listener.failed(failure);
    if (behind) {
      leader = '';
      connect();
    } else if (to ? telling.leader !== leader : telling.leader === leader) {
      if (to) disconnect();
      leader = telling.leader;
      transport = telling.transport ?? transport;
      for (const frame of frames) if (note(frame) || !telling.logged) pass(frame);
    } else if (!to) {
      leader = '';
      if (telling.live || asked !== telling.leader) join(telling.leader);
    }
  };

  const listen = (type: string): void => {
    if (!types.has(type)) connection?.listen(type);
    types.add(type);
  };

  channel.onmessage = ({ data }: MessageEvent<Asking | Telling>) =>
    'tab' in data ? answer(data) : hear(data);
  const timer = setInterval(() => {
    if (leader === id) return;
    if (silence >= SILENT_PINGS) lock(true);
    else if (!leader) join(asked);
    else if (silence) ask();
    silence++;
  }, PING_MS);
  lock(false);
  join('');

  return {
    listen(type) {
      listen(type);
      ask();
    },
    hurry: () => (connection ? connection.hurry() : ask({ hurry: true })),
    close() {
      clearInterval(timer);
      channel.close();
      disconnect();
      request.abort();
      release();
    },
  };
}
