import { curlHttp10, curlHttp11 } from './curl.ts';
import { eventSourcePolyfill, eventsource, undici } from './event-sources.ts';
import { eventsourceParser, fetchEventSourcePeer } from './fetch-clients.ts';
import type { Peer } from './peer.ts';
import { pythonHTTP, pythonWebSocket } from './python.ts';
import { undiciWebSocket, ws } from './web-sockets.ts';

/** Every foreign client there is a test for. */
export const peers: readonly Peer[] = [
  eventsource,
  undici,
  eventSourcePolyfill,
  eventsourceParser,
  fetchEventSourcePeer,
  curlHttp11,
  curlHttp10,
  pythonHTTP,
  pythonWebSocket,
  ws,
  undiciWebSocket,
];
