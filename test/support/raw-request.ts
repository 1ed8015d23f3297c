import { connect } from 'node:net';

/** What came back on one connection that sends a head, byte for byte, and waits for its end. */
export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/**
 * Sends lines as they are, which `fetch` cannot do for Host, and reads until the server hangs up.
 * Rejects when the server leaves the socket open for 2 seconds.
 */
export function rawRequest(port: number, lines: readonly string[]): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
    });
    const chunks: Buffer[] = [];
    socket.setTimeout(2000, () => socket.destroy(new Error('the server left the socket open')));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => {
      const text = Buffer.concat(chunks).toString('latin1');
      const [head = '', ...rest] = text.split('\r\n\r\n');
      resolve({ status: Number(head.split(' ')[1]), head, body: rest.join('\r\n\r\n') });
    });
  });
}

/** The lines of a WebSocket handshake. */
export function handshake(path: string, ...headers: readonly string[]): string[] {
  return [
    `GET ${path} HTTP/1.1`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
  ];
}
