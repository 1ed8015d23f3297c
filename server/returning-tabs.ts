import type { IncomingMessage } from 'node:http';

interface Server {
  on(event: 'request' | 'upgrade', listener: (request: Request) => void): unknown;
  listenerCount(event: 'upgrade'): number;
  off(event: 'request' | 'upgrade', listener: (request: Request) => void): unknown;
}

type Request = Pick<IncomingMessage, 'url' | 'headers'>;

/**
 * Whether a tab has asked for events since this was called; other programs that read them do not
 * count.
 *
 * @param eventPath the path of the event stream, below which the WebSocket is
 */
export function watchForTabs(server: Server, eventPath: string): () => boolean {
  let hasTab = false;
  const onRequest = ({ url = '', headers }: Request) => {
    const [path] = url.split('?');
    const asksForEvents = path === eventPath || path === `${eventPath}/ws`;
    // Browsers send one of them: the first with a stream, the second with a WebSocket.
    const isBrowser = (headers['sec-fetch-site'] ?? headers.origin) !== undefined;
    if (!asksForEvents || !isBrowser) return;
    hasTab = true;
    server.off('request', onRequest);
    server.off('upgrade', onRequest);
  };
  server.on('request', onRequest);
  // Node leaves an upgrade to its listeners: without another one nobody would answer it.
  if (server.listenerCount('upgrade') > 0) server.on('upgrade', onRequest);
  return () => hasTab;
}
