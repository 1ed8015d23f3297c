import { EventSource, WebSocket } from 'undici';
import { vi } from 'vitest';
import { connect } from '../../../client/connect.ts';
import type { ConnectOptions } from '../../../client/events/events.ts';
import type { Peer } from './peer.ts';

const HURRY_MILLISECONDS = 300;

/** `dev-serve/client` outside of a browser, with what a page has from undici. */
function ownClient(transport: string, options: ConnectOptions, path = ''): Peer {
  return {
    name: `dev-serve/client over ${transport}`,
    available: true,
    transport: transport === 'websocket' ? 'websocket' : 'sse',
    open(url, types, onEvent) {
      vi.stubGlobal('EventSource', EventSource);
      vi.stubGlobal('WebSocket', WebSocket);
      vi.stubGlobal('location', { href: url });
      vi.stubGlobal('document', { hidden: false, addEventListener() {}, removeEventListener() {} });
      const page = new EventTarget();
      vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
      const websocket = transport === 'websocket' && `${url}/ws`;
      const client = connect(`${url}${path}`, { shared: false, websocket, ...options });
      // It has an event of its own for what a position tells.
      client.on('open', (data) =>
        onEvent({
          type: 'dev-serve:position',
          data: JSON.stringify({ recovered: data.recovered }),
          lastEventId: client.lastEventId,
        }),
      );
      for (const type of types) {
        client.on(type, (data, { id }) => {
          onEvent({ type, data: String(data), lastEventId: id });
        });
      }
      // Else it waits for longer and longer, as it should of a server that breaks off so often.
      const timer = setInterval(() => page.dispatchEvent(new Event('online')), HURRY_MILLISECONDS);
      return {
        close() {
          clearInterval(timer);
          client.close();
        },
      };
    },
  };
}

/** Our own client in the place of a foreign one. */
export const ownClients: readonly Peer[] = [
  ownClient('sse', {}),
  ownClient('fetch', { headers: { 'x-token': 'secret' } }),
  // There is no event stream, so it goes to the other transport.
  ownClient('websocket', {}, '/nowhere'),
];
