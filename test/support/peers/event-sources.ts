import { EventSourcePolyfill } from 'event-source-polyfill';
import { EventSource as NpmEventSource } from 'eventsource';
import { Agent, EventSource as UndiciEventSource } from 'undici';
import { vi } from 'vitest';
import type { Peer, PeerConnection, PeerEvent } from './peer.ts';

/** What is used of the classes that copy the browser's EventSource. */
interface EventSourceLike {
  addEventListener(type: string, listener: (event: object) => void): void;
  close(): void;
}

function listen(
  source: EventSourceLike,
  types: readonly string[],
  onEvent: (event: PeerEvent) => void,
): PeerConnection {
  for (const type of types) {
    source.addEventListener(type, (event) => {
      if (!('type' in event && 'data' in event && 'lastEventId' in event)) {
        throw new Error(`not a message event, though of type ${type}`);
      }
      const { data, lastEventId } = event;
      onEvent({ type: String(event.type), data: String(data), lastEventId: String(lastEventId) });
    });
  }
  return source;
}

export const eventsource: Peer = {
  name: 'eventsource',
  available: true,
  transport: 'sse',
  open: (url, types, onEvent) => listen(new NpmEventSource(url), types, onEvent),
};

export const undici: Peer = {
  name: 'undici',
  available: true,
  transport: 'sse',
  open(url, types, onEvent) {
    const dispatcher = new Agent();
    const source = new UndiciEventSource(url, { node: { dispatcher } });
    listen(source, types, onEvent);
    return {
      close() {
        source.close();
        void dispatcher.destroy();
      },
    };
  },
};

/** Resumes by the query, and waits a second at least, whatever `retry` says. */
export const eventSourcePolyfill: Peer = {
  name: 'event-source-polyfill',
  available: true,
  transport: 'sse',
  open(url, types, onEvent) {
    // It prints every break of a connection with its stack.
    vi.spyOn(console, 'error').mockImplementation(() => {});
    return listen(new EventSourcePolyfill(url), types, onEvent);
  },
};
