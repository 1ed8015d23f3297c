import { WebSocket as UndiciWebSocket } from 'undici';
import { WebSocket as WsWebSocket } from 'ws';
import type { Peer, PeerEvent } from './peer.ts';

const PAUSE_MILLISECONDS = 100;

/** What is used of the classes that copy the browser's WebSocket. */
interface WebSocketLike {
  addEventListener(type: 'close' | 'error', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  close(): void;
}

/** Envelopes over a WebSocket of some package; as those do not, it comes back by hand. */
function socketPeer(name: string, connect: (url: string) => WebSocketLike): Peer {
  return {
    name,
    available: true,
    transport: 'websocket',
    open(url, _types, onEvent) {
      let lastEventId = '';
      let socket: WebSocketLike;
      let timer: NodeJS.Timeout | undefined;
      let isClosed = false;
      const open = () => {
        socket = connect(`${url.replace('http', 'ws')}/ws?lastEventId=${lastEventId}`);
        socket.addEventListener('message', ({ data }) => {
          const event = toEvent(String(data));
          lastEventId = event.lastEventId;
          onEvent(event);
        });
        socket.addEventListener('error', () => {});
        socket.addEventListener('close', () => {
          if (!isClosed) timer = setTimeout(open, PAUSE_MILLISECONDS);
        });
      };
      open();
      return {
        close() {
          isClosed = true;
          clearTimeout(timer);
          socket.close();
        },
      };
    },
  };
}

function toEvent(text: string): PeerEvent {
  const { id, event, data } = JSON.parse(text);
  return { type: String(event), data: String(data), lastEventId: String(id) };
}

export const ws = socketPeer('ws', (url) => new WsWebSocket(url, 'dev-serve'));
export const undiciWebSocket = socketPeer(
  'undici WebSocket',
  (url) => new UndiciWebSocket(url, 'dev-serve'),
);
