import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Headers } from './hop-by-hop.ts';

/** The head of a response that hands a connection over to another protocol. */
export function switchingHead(protocol: string, headers: Headers): string {
  const fields = Object.entries({ ...headers, connection: 'Upgrade', upgrade: protocol });
  const lines = fields.flatMap(([name, value]) =>
    [value].flat().map((each) => `${name}: ${each}\r\n`),
  );
  return `HTTP/1.1 101 Switching Protocols\r\n${lines.join('')}\r\n`;
}

/** Joins two connections: bytes, back pressure and either end pass through as they are. */
export function tunnel(one: Duplex, other: Duplex): void {
  for (const [end, far] of [
    [one, other],
    [other, one],
  ] as const) {
    if (end instanceof Socket) end.setTimeout(0).setNoDelay(true);
    end.on('error', () => far.destroy());
    // What has been read is still to be written: the last frame says why a WebSocket closes.
    end.once('close', () => (far instanceof Socket ? far.destroySoon() : far.destroy()));
    end.pipe(far);
  }
}
