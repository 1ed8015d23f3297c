import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { expectBaseline, settle } from '../support/faults/baseline.ts';
import { CommandServer } from '../support/faults/command-server.ts';
import { inForm, tell } from '../support/faults/form.ts';
import { LiveSite } from '../support/live-site.ts';
import { parseAnswer, rawClient } from '../support/raw-client.ts';
import { handshake } from '../support/raw-request.ts';
import { temporarySite } from '../support/temporary-site.ts';

const HOST = 'Host: localhost';
const MEBIBYTE = 1024 * 1024;
const with_ = (change: (line: string) => string, path = '/events/ws') =>
  handshake(path, HOST).map(change);
const replaced = (name: string, value: string) =>
  with_((line) => (line.startsWith(`${name}:`) ? `${name}: ${value}` : line));
const without = (name: string) =>
  handshake('/events/ws', HOST).filter((line) => !line.startsWith(`${name}:`));

const BAD: readonly (readonly [what: string, lines: readonly string[], status: number])[] = [
  ['to a path that does not exist', handshake('/nowhere', HOST), 404],
  ['to a file', handshake('/index.html', HOST), 404],
  ['to the event stream', handshake('/events', HOST), 404],
  ['to the client', handshake('/@dev-serve/client.js', HOST), 404],
  ['to a path that cannot be read', handshake('/%', HOST), 400],
  ['in absolute form', handshake('http://localhost/events/ws', HOST), 400],
  ['of another version', replaced('Sec-WebSocket-Version', '12'), 400],
  ['of no version', without('Sec-WebSocket-Version'), 400],
  ['with a short key', replaced('Sec-WebSocket-Key', 'c2hvcnQ='), 400],
  ['with a key that is none', replaced('Sec-WebSocket-Key', '%'.repeat(24)), 400],
  ['without a key', without('Sec-WebSocket-Key'), 400],
  ['to h2c', replaced('Upgrade', 'h2c'), 400],
  ['to another protocol', replaced('Upgrade', 'TLS/1.2'), 400],
  [
    'to h2c at another path',
    replaced('Upgrade', 'h2c').map((line) => line.replace('/events/ws', '/')),
    400,
  ],
  ['of a foreign page', [...handshake('/events/ws', HOST), 'Origin: http://evil.example'], 403],
  ['for a foreign host', handshake('/events/ws', 'Host: evil.example'), 403],
  ['without a host', handshake('/events/ws'), 400],
];

/** Milliseconds from the request to the end of its socket. A process may stand still meanwhile. */
const GONE_WITHIN = 1000;
const timed = { retry: 3 };

describe('O3: an upgrade that is none', () => {
  it.each(BAD)('%s is answered, never 101, and hung up on', timed, async (_what, lines, status) => {
    const open = new Set<object>();
    let closedAt = 0;
    const site = await LiveSite.start(
      { 'index.html': '' },
      {
        prepare: ({ server }) => {
          server.on('connection', (socket) => {
            open.add(socket);
            socket.once('close', () => {
              closedAt = performance.now();
              open.delete(socket);
            });
          });
        },
      },
    );
    const client = rawClient(site.port);
    // It does not hang up by itself.
    client.socket.allowHalfOpen = true;
    const sentAt = performance.now();
    client.send(...lines);
    await expect.poll(() => parseAnswer(client.received).status).toBe(status);
    await expect.poll(() => open.size, { timeout: 5000 }).toBe(0);
    expect(closedAt - sentAt).toBeLessThan(GONE_WITHIN);
  });

  it('leaves nothing behind, however often', async () => {
    const server = await CommandServer.start(await temporarySite({ 'index.html': '' }));
    const port = Number(new URL(server.origin).port);
    const run = async (count: number) => {
      for (let begun = 0; begun < count; begun += 50) {
        const clients = Array.from({ length: 50 }, (_, n) => {
          const [, lines] = BAD[(begun + n) % BAD.length] ?? [];
          return attempt(port, `${(lines ?? []).join('\r\n')}\r\n\r\n`);
        });
        await Promise.all(clients);
      }
    };
    await run(100);
    const baseline = await settle(server);
    const count = inForm(300, 10_000);
    await run(count);
    await expectBaseline(server, baseline, 5 * MEBIBYTE);
    // Whom it does not know is told in the terminal, once each.
    expect(server.complaints).not.toMatch(/ error /);
    tell('bad handshakes', { count });
  }, 180_000);
});

it('O3: a reset at each byte of a handshake, and after it, is survived', async () => {
  const server = await CommandServer.start(await temporarySite({ 'index.html': 'alive' }));
  const port = Number(new URL(server.origin).port);
  const text = `${handshake('/events/ws', HOST, 'Sec-WebSocket-Protocol: dev-serve').join('\r\n')}\r\n\r\n`;
  const lengths = Array.from({ length: text.length + 1 }, (_, length) => length);
  await Promise.all(lengths.map((length) => resetAfter(port, text.slice(0, length))));
  // A frame that goes on for another 100 bytes, one that is unmasked, and one of a reserved kind.
  const frames = ['', '\x81', '\x81\xe4', '\x81\xe4\x01\x02\x03\x04abc', '\x81\x01a', '\xf3\x80'];
  await Promise.all(frames.map((frame) => resetAfter(port, `${text}${frame}`, '101 Switching')));
  expect(await (await fetch(server.origin)).text()).toContain('alive');
  await expect.poll(async () => (await server.figures()).streams.streams).toBe(0);
  expect(server.complaints).toBe('');
});

/** Resolves when the server has hung up. */
function attempt(port: number, text: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1').resume();
    socket.on('error', () => {}).once('close', () => resolve());
    socket.write(text);
  });
}

/** Breaks the connection off once it is sent, or once the answer has come. */
function resetAfter(port: number, text: string, answer = ''): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let received = '';
    const reset = () => void socket.resetAndDestroy();
    socket.on('error', () => {}).once('close', () => resolve());
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString('latin1');
      if (answer !== '' && received.includes(answer)) reset();
    });
    socket.once('connect', () => {
      if (answer === '') socket.write(text, 'latin1', reset);
      else socket.write(text, 'latin1');
    });
  });
}
