import { Client } from './events/client.ts';
import { openConnection } from './events/connection.ts';
import type { ConnectOptions, EventClient } from './events/events.ts';
import type { Route } from './events/feed.ts';
import { shareConnection } from './events/share-connection.ts';

export type {
  ClientEvents,
  ConnectionFailure,
  ConnectOptions,
  EventClient,
  EventData,
  EventInfo,
  EventListener,
  EventTransport,
  EventType,
} from './events/events.ts';

/**
 * Follows an event stream until it is closed: over an EventSource, or a WebSocket where that does
 * not get through; over one connection for all tabs; after any break from the last event on.
 *
 * @typeParam Events the data of each event type, as in `app.channel<Events>()`
 * @param url of the event stream, relative to the page
 * @throws SyntaxError or TypeError for a URL that is none
 */
export function connect<Events extends object = Record<string, unknown>>(
  url: string | URL,
  options: ConnectOptions = {},
): EventClient<Events> {
  const { websocket, withCredentials = false, headers, lastEventId = '', signal } = options;
  const { shared = !headers } = options;
  const target = new URL(url, location.href);
  const route: Route = {
    url: target.href,
    // A WebSocket cannot send headers.
    websocket: headers || websocket === false ? undefined : socketUrl(target, websocket),
    headers: typeof headers === 'function' || !headers ? headers : () => headers,
    withCredentials,
  };
  // Only "secure contexts" have locks.
  const isShared = shared && 'locks' in navigator && 'BroadcastChannel' in self;
  const name = `dev-serve ${JSON.stringify([route, !headers, shared])}`;
  return new Client<Events>(
    (cursor, types, listener) =>
      isShared
        ? shareConnection(name, route, cursor, types, listener)
        : openConnection(route, cursor, types, listener),
    lastEventId,
    signal,
  );
}

function socketUrl(target: URL, websocket: string | undefined): string {
  if (websocket) return new URL(websocket, location.href).href;
  const url = new URL(target);
  url.pathname += '/ws';
  return url.href;
}
