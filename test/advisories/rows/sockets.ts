import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect } from 'vitest';
import { inForm } from '../../support/faults/form.ts';
import { handshake } from '../../support/raw-request.ts';
import type { Advisory } from '../advisory.ts';
import type { LocalTarget } from '../arena/arena.ts';
import type { Target } from '../arena/target.ts';

/** A text frame without data, masked with zeroes; more of the message is to come. */
const EMPTY_FRAGMENT = Buffer.from([0x01, 0x80, 0, 0, 0, 0]);
const EMPTY_CONTINUATION = Buffer.from([0x00, 0x80, 0, 0, 0, 0]);
const MIB = 1024 * 1024;

/** Opens the reload socket, sends bytes over it, and resolves to what came after the head. */
async function send(target: Target, bytes: Buffer): Promise<Buffer> {
  const socket = target.connect();
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await target.shake(socket, handshake('/events/ws', `Host: ${target.host}`));
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.write(bytes);
  await closed;
  return Buffer.concat(chunks);
}

/** The code of the close frame, which a server sends without a mask. */
function closeCode(bytes: Buffer): number | undefined {
  const at = bytes.indexOf(Buffer.from([0x88, 0x02]));
  return at === -1 ? undefined : bytes.readUInt16BE(at + 2);
}

function connectionsOf({ server }: LocalTarget): Promise<number> {
  return new Promise((resolve) => {
    server.app.server.getConnections((_error, count) => resolve(count));
  });
}

/** What sockets can do to a process. */
export const sockets: readonly Advisory[] = [
  {
    ids: ['CVE-2022-39386', 'CVE-2022-41940', 'CVE-2024-38355'],
    product: '@fastify/websocket, engine.io, socket.io',
    cause: 'nobody listened for errors of the upgraded socket, or of the one before the upgrade',
    promise: 'a reset after any byte of the handshake, and after it, costs nothing',
    async probe({ command }) {
      const lines = handshake('/events/ws', `Host: ${command.host}`);
      const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);
      const step = inForm(5, 1);
      for (let length = 0; length <= head.length; length += step) {
        const socket = command.connect();
        await new Promise((resolve) => socket.write(head.subarray(0, length), resolve));
        socket.resetAndDestroy();
      }
      for (const bytes of [
        [0xff, 0xff],
        [0x81],
        [0x88, 0x80],
        [0x81, 0xff, 0, 0, 0],
        [0x03, 0x80],
      ]) {
        const socket = command.connect();
        await command.shake(socket, lines);
        await new Promise((resolve) => socket.write(Buffer.from(bytes), resolve));
        socket.resetAndDestroy();
      }
    },
  },
  {
    ids: ['CVE-2016-10542', 'CVE-2026-48779'],
    product: 'ws',
    cause: 'messages had no limit, and tiny fragments cost far more than their bytes',
    promise:
      'a large message and a flood of empty fragments end their connection, and cost nothing',
    async probe({ dev }) {
      const huge = Buffer.from([0x82, 0xff, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
      expect(closeCode(await send(dev, huge))).toBe(1009);
      const large = Buffer.concat([
        Buffer.from([0x82, 0xfe, 0x20, 0, 0, 0, 0, 0]),
        Buffer.alloc(0x2000),
      ]);
      expect([1008, 1009]).toContain(closeCode(await send(dev, large)));
      const before = process.memoryUsage().arrayBuffers;
      const flood = [EMPTY_FRAGMENT, ...Array<Buffer>(20_000).fill(EMPTY_CONTINUATION)];
      expect(closeCode(await send(dev, Buffer.concat(flood)))).toBe(1008);
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20 * MIB);
      const offer = 'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits';
      const { status, headers } = await dev.upgrade('/events/ws', offer);
      expect([status, headers['sec-websocket-extensions']]).toEqual([101, undefined]);
    },
  },
  {
    ids: ['CVE-2021-32640', 'CVE-2024-37890', 'CVE-2026-45736'],
    product: 'ws',
    cause:
      'a slow regular expression, more headers than the limit, memory in the reason of a close',
    promise: 'no header of a handshake holds the process up or ends it, and closes give no reason',
    async probe({ command }) {
      const many = Array.from({ length: 3000 }, (_, index) => `X-${index}: 1`);
      // Node keeps the first 2000: of a request with too many headers it may be told so, too.
      expect([101, 400, 431]).toContain((await command.upgrade('/events/ws', ...many)).status);
      for (const value of [
        `a${' '.repeat(12_000)}b`,
        'a,'.repeat(6000),
        `"${'\\'.repeat(12_000)}`,
      ]) {
        for (const name of ['Sec-WebSocket-Protocol', 'Sec-WebSocket-Extensions']) {
          const { status } = await command.upgrade('/events/ws', `${name}: ${value}`);
          expect([101, 400, 431], name).toContain(status);
        }
      }
      const closing = await send(command, Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0x78]));
      expect(closing.subarray(closing.indexOf(Buffer.from([0x88])))).toEqual(
        Buffer.from([0x88, 0x02, 0x03, 0xf0]),
      );
    },
  },
  {
    ids: ['CVE-2026-73565', 'CVE-2026-59725'],
    product: '@hono/node-server, engine.io',
    cause: 'what a failed handshake had begun was kept, or its response never ended',
    promise: 'failed handshakes leave no socket behind',
    async probe({ dev }) {
      const bad = [
        ['/events/ws', 'Origin: http://evil.example'],
        ['/none', 'Origin: http://evil.example'],
        ['/none'],
        ['/%'],
      ] as const;
      for (let round = 0; round < inForm(50, 2500); round++) {
        const shaken = bad.map(([path, ...lines]) => dev.upgrade(path, ...lines));
        for (const { status } of await Promise.all(shaken))
          expect([400, 403, 404]).toContain(status);
        await nextTurn();
      }
      const protocols = ['h2c', 'websocket, h2c', 'TLS/1.0', 'none'];
      for (const protocol of protocols) {
        const { status } = await dev.get('/', 'Connection: Upgrade', `Upgrade: ${protocol}`);
        expect(status, protocol).toBe(400);
      }
      // What is left are the idle connections of this test's own.
      await expect.poll(() => connectionsOf(dev), { timeout: 15_000 }).toBeLessThanOrEqual(8);
    },
  },
];
