import { Socket } from 'node:net';
import { expect, onTestFinished } from 'vitest';
import { sseApp } from '../../support/sse-app.ts';
import type { Advisory } from '../advisory.ts';
import { Target } from '../arena/target.ts';

const MIB = 1024 * 1024;

/** Readers that do not read. */
export const memory: readonly Advisory[] = [
  {
    ids: ['CVE-2026-25224', 'GHSA-mrq3-vjjr-p77c'],
    product: 'fastify',
    cause: 'what `write()` said of a full socket was not heeded',
    promise:
      'a reader that has stalled costs its socket buffer, be it of a stream or of a large file',
    async probe({ dev }) {
      const app = await sseApp();
      app.get('/news', (_request, reply) => reply.sse(app.channel('news')));
      const { port } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }));
      const news = new Target(Number(port));
      const sockets = new Set<Socket>();
      for (const { server } of [app, dev.server.app]) {
        const collect = (socket: unknown) => {
          if (socket instanceof Socket) sockets.add(socket);
        };
        server.on('connection', collect);
        onTestFinished(() => void server.off('connection', collect));
      }
      for (const [target, path] of [
        [news, '/news'],
        [dev, '/large.bin'],
        [dev, '/large.bin?x'],
      ] as const) {
        const stalled = target.connect().pause();
        onTestFinished(() => void stalled.destroy());
        stalled.write(`GET ${path} HTTP/1.1\r\nHost: ${target.host}\r\n\r\n`);
      }
      await expect.poll(() => app.sse.stats().streams, { timeout: 15_000 }).toBe(1);
      const data = 'x'.repeat(MIB / 4);
      let most = 0;
      for (let count = 0; count < 100; count++) {
        await app.channel('news').publish({ data });
        for (const { writableLength } of sockets) most = Math.max(most, writableLength);
      }
      expect(sockets.size).toBeGreaterThanOrEqual(3);
      expect(most).toBeLessThan(MIB);
    },
  },
];
