import { type Frame, POSITION, parseFrame, type Transport } from './protocol.ts';

export interface TransportListener {
  frame(frame: Frame): void;
  /** @param retries the transport tries again by itself */
  lost(retries: boolean, end?: End): void;
}

/** What a transport can tell about how an attempt ended. */
export interface End {
  /** Of the HTTP response. */
  readonly status?: number | undefined;
  /** Of the WebSocket's closing handshake. */
  readonly code?: number | undefined;
  /** The reconnection time that the server asked for, in milliseconds. */
  readonly retry?: number | undefined;
}

/** Starts one attempt; the answer ends it, after which the listener hears nothing more. */
export type Open = (url: URL, listener: TransportListener) => () => void;

export const transports: Record<Transport, Open> = {
  sse: openEventSource,
  websocket: openWebSocket,
};

function openEventSource(url: URL, listener: TransportListener): () => void {
  const source = new EventSource(url);
  bindEventSource(source, [POSITION, 'message'], listener);
  return () => source.close();
}

/**
 * Tells `listener` what happens to `source`.
 *
 * @param types of the events that are to be heard
 * @returns a function that adds a type
 */
export function bindEventSource(
  source: EventSource,
  types: Iterable<string>,
  listener: TransportListener,
): (type: string) => void {
  const listen = (type: string): void => source.addEventListener(type, receive);
  const receive = ({ type, lastEventId, data }: MessageEvent): void =>
    listener.frame({ id: lastEventId, event: type, data });
  for (const type of types) listen(type);
  // "fail the connection" (a wrong status or type) is for ever; any other end is tried again.
  source.onerror = () => listener.lost(source.readyState !== source.CLOSED);
  return listen;
}

export function openWebSocket(url: URL, listener: TransportListener): () => void {
  url.protocol = url.protocol.replace('http', 'ws');
  const socket = new WebSocket(url, 'dev-serve');
  socket.onmessage = ({ data }) => {
    const frame = parseFrame(data);
    if (frame) listener.frame(frame);
  };
  socket.onclose = (event) => listener.lost(false, event);
  return () => {
    socket.onmessage = socket.onclose = null;
    socket.close();
  };
}
