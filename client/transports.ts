import { type Frame, POSITION, parseFrame, type Transport } from './protocol.ts';

export interface TransportListener {
  frame(frame: Frame): void;
  /** The response has begun, whether or not a frame will get through. */
  opened?(): void;
  /** @param retries the transport tries again by itself */
  lost(retries: boolean, end?: End): void;
}

/** What a transport can tell about how an attempt ended. */
export interface End {
  /** Of the HTTP response. */
  readonly status?: number | undefined;
  /** Of the WebSocket's closing handshake. */
  readonly code?: number;
  /** The reconnection time that the server asked for, in milliseconds. */
  readonly retry?: number | undefined;
}

/** Ends an attempt, after which the listener hears nothing more. */
export interface Stop {
  (): void;
  /** Lets events of one more type through, where a transport has to know them. */
  listen?(type: string): void;
}

export interface OpenOptions {
  /** The event types to let through. @default those of the live reload */
  readonly types?: Iterable<string>;
  /** Whether to send cookies to another origin. @default false */
  readonly withCredentials?: boolean;
}

/** Starts one attempt. */
export type Open = (url: URL, listener: TransportListener) => Stop;

export const transports: Record<Transport, Open> = {
  sse: openEventSource,
  websocket: openWebSocket,
};

export function openEventSource(
  url: URL,
  listener: TransportListener,
  { types = [POSITION, 'message'], withCredentials = false }: OpenOptions = {},
): Stop {
  const source = new EventSource(url, { withCredentials });
  const receive = ({ type, lastEventId, data }: MessageEvent): void =>
    listener.frame({ id: lastEventId, event: type, data });
  const listen = (type: string): void => source.addEventListener(type, receive);
  for (const type of types) listen(type);
  source.onopen = () => listener.opened?.();
  // "fail the connection" (a wrong status or type) is for ever; any other end is tried again.
  source.onerror = () => listener.lost(source.readyState !== source.CLOSED);
  return Object.assign(() => source.close(), { listen });
}

export function openWebSocket(url: URL, listener: TransportListener): Stop {
  url.protocol = url.protocol.replace('http', 'ws');
  const socket = new WebSocket(url, 'dev-serve');
  socket.onmessage = ({ data }) => {
    const frame = parseFrame(data);
    if (frame) listener.frame(frame);
  };
  socket.onclose = ({ code }) => listener.lost(false, { code });
  return () => {
    socket.onmessage = socket.onclose = null;
    socket.close();
  };
}
