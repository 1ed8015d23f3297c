import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { ownHeaders } from './own-headers.ts';
import { plainAnswer } from './plain-answer.ts';

/** What takes upgrades: a server of ws. */
interface UpgradeServer {
  on(event: 'headers', listener: (lines: string[], request: IncomingMessage) => void): unknown;
  on(event: 'wsClientError', listener: (error: Error, socket: Duplex) => void): unknown;
}

const servers = new WeakSet<UpgradeServer>();
const upgrades = new WeakSet<IncomingMessage>();

/**
 * Lets a server answer upgrades with the headers of other answers, which no reply adds to a 101.
 *
 * @returns marks an upgrade: a server may answer those of others too
 */
export function carryOwnHeaders(server: UpgradeServer): (request: IncomingMessage) => void {
  if (!servers.has(server)) server.on('headers', addOwnHeaders);
  servers.add(server);
  return (request) => {
    upgrades.add(request);
  };
}

function addOwnHeaders(lines: string[], request: IncomingMessage): void {
  if (!upgrades.has(request)) return;
  for (const [name, value] of Object.entries(ownHeaders)) lines.push(`${name}: ${value}`);
}

/** Answers handshakes that are none with the same headers, which ws leaves out. */
export function answerBadHandshakes(server: UpgradeServer): void {
  server.on('wsClientError', ({ message }, socket) => {
    const more = {
      // "The |Sec-WebSocket-Version| header field" names what is understood (RFC 6455, 4.4).
      ...(/Version/.test(message) && { 'sec-websocket-version': '13, 8' }),
    };
    socket.end(plainAnswer('400 Bad Request', `${message}\n`, more), () => socket.destroy());
  });
}
