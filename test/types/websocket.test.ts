import type { FastifyInstance } from 'fastify';
import { describe, it } from 'vitest';
import type { Channel } from '../../plugins/sse.ts';
import websocket from '../../plugins/websocket.ts';
import { compiles } from '../support/compiles.ts';

describe('the WebSocket route', () => {
  it('takes names of channels', () => {
    compiles(async (app: FastifyInstance) => {
      await app.register(websocket, { path: '/ws', channel: 'prices' });
      await app.register(websocket, { path: '/ws', channel: ['prices', 'news'] });
      // @ts-expect-error: the path is missing.
      await app.register(websocket, { channel: 'prices' });
    });
  });

  it('takes typed channels, one or several, from a request', () => {
    compiles(async (app: FastifyInstance, prices: Channel<{ tick: { n: number } }>) => {
      await app.register(websocket, { path: '/ws', channel: () => prices });
      await app.register(websocket, {
        path: '/ws',
        channel: ({ ip }) => [prices, app.channel<{ hit: string }>(ip)],
        subscription: ({ headers }) => ({
          from: 'earliest',
          state: headers.cookie,
          filter: ({ event }) => event === 'tick',
        }),
      });
    });
  });
});
