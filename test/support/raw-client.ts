import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { onTestFinished } from 'vitest';

/** A client that sends what it is told, byte for byte, and keeps what it gets. */
export interface RawClient {
  readonly socket: Socket;
  /** All that has come so far, a character for each byte. */
  readonly received: string;
  /** Whether the connection has ended, in whatever way. */
  readonly isClosed: boolean;
  /** Resolves to all that has come once the connection has ended. */
  readonly closed: Promise<string>;
  send(...lines: readonly string[]): void;
}

/** Connects; what it sends before that waits. It is gone when the test is done. */
export function rawClient(port: number, { tls = false } = {}): RawClient {
  const address = { port, host: '127.0.0.1' };
  // Not the other protocol that the server speaks over TLS.
  const options = { ...address, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] };
  const socket = tls ? connectTls(options) : connect(address);
  let received = '';
  let isClosed = false;
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1');
  });
  socket.on('error', () => {});
  const closed = new Promise<string>((resolve) => {
    socket.once('close', () => {
      isClosed = true;
      resolve(received);
    });
  });
  onTestFinished(() => void socket.destroy());
  return {
    socket,
    get received() {
      return received;
    },
    get isClosed() {
      return isClosed;
    },
    closed,
    send: (...lines) => void socket.write(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'),
  };
}

/** The status, the head and the body of an answer. */
export function parseAnswer(text: string): { status: number; head: string; body: string } {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), head, body: rest.join('\r\n\r\n') };
}

/** Sends one request on a connection of its own, which ends with the answer. */
export async function ask(port: number, lines: readonly string[], options?: { tls?: boolean }) {
  const client = rawClient(port, options);
  client.send(...lines);
  return parseAnswer(await client.closed);
}
