import { Connection } from './connection.ts';
import { Hub, type Tab } from './hub.ts';
import type { TabMessage } from './messages.ts';
import { preferring } from './preferred-transport.ts';
import { type Options, PING_MS } from './protocol.ts';

/** Serves the tabs that connect to this SharedWorker. */
export function serveTabs(options: Options): void {
  const hub = new Hub(
    (cursor, transport, listener) =>
      new Connection(preferring(options, transport), cursor, listener),
  );
  addEventListener('connect', (event) => {
    const port = event instanceof MessageEvent ? event.ports[0] : undefined;
    if (!port) return;
    const tab: Tab = { post: (message) => port.postMessage(message) };
    port.onmessage = ({ data }: MessageEvent<TabMessage>) => hub.receive(tab, data);
    tab.post({ type: 'ping' });
  });
  setInterval(() => hub.ping(), PING_MS);
}
