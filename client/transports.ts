import { type Frame, POSITION, parseFrame, type Transport } from './protocol.ts';

export interface TransportListener {
  frame(frame: Frame): void;
  /** @param retries the transport tries again by itself */
  lost(retries: boolean): void;
}

/** Starts one attempt; the answer ends it, after which the listener hears nothing more. */
export type Open = (url: URL, listener: TransportListener) => () => void;

export const transports: Record<Transport, Open> = {
  sse: openEventSource,
  websocket: openWebSocket,
};

function openEventSource(url: URL, listener: TransportListener): () => void {
  const source = new EventSource(url);
  const receive = ({ type, lastEventId, data }: MessageEvent): void =>
    listener.frame({ id: lastEventId, event: type, data });
  source.addEventListener(POSITION, receive);
  source.onmessage = receive;
  // "fail the connection" (a wrong status or type) is for ever; any other end is tried again.
  source.onerror = () => listener.lost(source.readyState !== source.CLOSED);
  return () => source.close();
}

function openWebSocket(url: URL, listener: TransportListener): () => void {
  url.protocol = url.protocol.replace('http', 'ws');
  url.pathname += '/ws';
  const socket = new WebSocket(url, 'dev-serve');
  socket.onmessage = ({ data }) => {
    const frame = parseFrame(data);
    if (frame) listener.frame(frame);
  };
  socket.onclose = () => listener.lost(false);
  return () => {
    socket.onmessage = socket.onclose = null;
    socket.close();
  };
}
