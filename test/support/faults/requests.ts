const HANDSHAKE = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Protocol: dev-serve',
];

export type Transport = 'sse' | 'websocket';

/** The bytes that open a stream of the channels, for sockets that nothing stands in front of. */
export function openingRequest(transport: Transport, path: string, lastEventId?: string): string {
  const query = lastEventId === undefined ? '' : `?lastEventId=${lastEventId}`;
  const isSocket = transport === 'websocket';
  const lines = isSocket ? HANDSHAKE : ['Accept: text/event-stream'];
  const target = `${path}${isSocket ? '/ws' : ''}${query}`;
  return [`GET ${target} HTTP/1.1`, 'Host: 127.0.0.1', ...lines, '', ''].join('\r\n');
}
