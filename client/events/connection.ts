import type { Frame } from '../protocol.ts';
import { bindEventSource, type End, openWebSocket } from '../transports.ts';
import { backoff } from './backoff.ts';
import { CLOSE, type EventTransport } from './events.ts';
import type { Connection, FeedListener, Route } from './feed.ts';
import { openFetch } from './fetch-transport.ts';

/** A proxy that buffers lets a stream open but holds its first frame back: not for longer. */
const FIRST_FRAME_MS = 3000;
/** A stream that breaks sooner after its first frame is no better than one that did not open. */
const STABLE_MS = 5000;
/** A transport that worked and then fails so often in a row may not be the one that works now. */
const TRUSTED_ATTEMPTS = 3;
/** What the server closes the WebSocket of an evicted client with. */
const EVICTED = 4000;

/**
 * Opens one stream of frames, again and again after the last frame seen: more patient than the live
 * reload's, whose server is next door and has one reader. Closures, since the bytes count.
 */
export function openConnection(
  route: Route,
  cursor: string,
  given: Iterable<string>,
  listener: FeedListener,
): Connection {
  const { url, websocket, headers, withCredentials } = route;
  const types = new Set(given);
  let attempt = 0;
  let stop = (): void => {};
  /** Lets events of one more type through, where the transport has to know them. */
  let hear: ((type: string) => void) | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let due = 0;
  /** Starts the next attempt, while one is waited for. */
  let next: (() => void) | undefined;
  let proven: EventTransport | undefined;
  /** When the head of a response came, Infinity when it has not. */
  let headAt = Infinity;
  /** The event stream opened, but nothing came in time. */
  let didOpen = false;
  /** Nothing else gets through: the first frame is slow, not held back. */
  let isPatient = false;
  /** When the first frame came. */
  let openedAt = 0;
  let brokenAt = 0;
  let failures = 0;
  let silentAttempts = 0;
  let retry = 1000;

  const end = (): void => {
    attempt++;
    clearTimeout(timer);
    next = undefined;
    stop();
    stop = () => {};
    hear = undefined;
  };

  const open = (transport: EventTransport): (() => void) => {
    const own = attempt;
    const receiver = {
      frame: (frame: Frame) => own === attempt && receive(transport, frame),
      lost: (retries: boolean, how?: End) => own === attempt && lose(transport, retries, how),
    };
    const target = new URL((transport === 'websocket' && websocket) || url);
    if (headers) return openFetch(target, receiver, { headers, withCredentials, cursor });
    if (cursor) target.searchParams.set('lastEventId', cursor);
    if (transport === 'websocket') return openWebSocket(target, receiver);
    const source = new EventSource(target, { withCredentials });
    source.onopen = () => {
      headAt = Date.now();
      watch(transport);
    };
    hear = bindEventSource(source, types, receiver);
    return () => source.close();
  };

  const start = (transport: EventTransport): void => {
    end();
    headAt = openedAt = Infinity;
    watch(transport);
    try {
      stop = open(transport);
    } catch {
      fail(transport, true);
    }
  };

  /** With nothing to fall back on a slow first frame is better than none. */
  const watch = (transport: EventTransport): void => {
    if (!websocket || isPatient) return;
    clearTimeout(timer);
    const patience = FIRST_FRAME_MS * 2 ** Math.min(silentAttempts, 4);
    timer = setTimeout(() => fail(transport, true), patience);
  };

  const receive = (transport: EventTransport, frame: Frame): void => {
    clearTimeout(timer);
    next = undefined;
    proven = transport;
    silentAttempts = brokenAt = 0;
    openedAt = Math.min(openedAt, Date.now());
    cursor = frame.id || cursor;
    listener.frame(frame, transport);
  };

  const lose = (transport: EventTransport, retries: boolean, how: End = {}): void => {
    if (how.code === EVICTED) {
      listener.frame({ id: '', event: CLOSE, data: '{"reason":"evicted"}' }, transport);
      return;
    }
    const now = Date.now();
    const hasWorked = openedAt < Infinity;
    if (now - openedAt > STABLE_MS) failures = 0;
    openedAt = Infinity;
    if (retries && headAt < Infinity && silentAttempts < TRUSTED_ATTEMPTS) {
      // "Wait a delay equal to the reconnection time": the source knows it, and we do not.
      clearTimeout(timer);
      headAt = Infinity;
      if (!hasWorked) silentAttempts++;
      brokenAt = now;
      next = () => start(transport);
      due = Infinity;
      listener.failed({});
    } else {
      retry = how.retry ?? (brokenAt ? now - brokenAt : retry);
      brokenAt = 0;
      fail(transport, !hasWorked, how.status);
    }
  };

  const fail = (transport: EventTransport, isSilent: boolean, status?: number): void => {
    end();
    if (isSilent) silentAttempts++;
    isPatient = transport === 'websocket' && didOpen && proven !== transport;
    didOpen = headAt < Infinity;
    const isTrusted = transport === proven && silentAttempts < TRUSTED_ATTEMPTS;
    const other = transport === 'sse' && websocket ? 'websocket' : first;
    const following = isTrusted ? transport : other;
    const isAtOnce = !proven && !failures && other === 'websocket';
    const delay = isAtOnce ? 0 : backoff(failures++, retry, status);
    next = () => start(following);
    due = Date.now() + delay;
    timer = setTimeout(next, delay);
    if (delay) listener.failed({ retryIn: Math.round(delay), ...(status && { status }) });
  };

  const first = headers ? 'fetch' : 'sse';
  start(first);

  return {
    listen(type) {
      types.add(type);
      hear?.(type);
    },
    hurry: () => next?.(),
    catchUp: () => Date.now() >= due && next?.(),
    isSilent: () => Date.now() - headAt > FIRST_FRAME_MS,
    close: end,
  };
}
