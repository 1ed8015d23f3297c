import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import websocket from '../../plugins/websocket.ts';
import { handshake } from '../support/raw-request.ts';
import { listen, sseApp } from '../support/sse-app.ts';

const INTERVAL = 15_000;

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
afterEach(() => void vi.useRealTimers());

async function start() {
  const app = await sseApp();
  await app.register(websocket, { path: '/news', channel: 'news' });
  const url = await listen(app);
  return { app, port: Number(new URL(url).port), size: () => app.channel('news').size };
}

describe('N5: the heartbeat of a WebSocket, in virtual time,', () => {
  it('is a ping every 15 seconds, and who answers stays', async () => {
    const { port, size, app } = await start();
    const socket = new WebSocket(`ws://127.0.0.1:${port}/news`);
    let pings = 0;
    socket.on('ping', () => {
      pings++;
    });
    await once(socket, 'open');
    await expect.poll(size).toBe(1);
    for (let beat = 1; beat <= 4; beat++) {
      vi.advanceTimersByTime(INTERVAL - 1);
      vi.advanceTimersByTime(1);
      await expect.poll(() => pings).toBe(beat);
      // The answer has come when something that was sent after it has.
      const echo = once(socket, 'pong');
      socket.ping();
      await echo;
    }
    expect(size()).toBe(1);
    expect(app.sse.stats().stalled).toBe(0);
    socket.terminate();
  });

  it('ends, at the second one, who has not answered the first', async () => {
    const { port, size, app } = await start();
    const socket = connect(port, '127.0.0.1').resume();
    const closed = once(socket, 'close');
    socket.write(`${handshake('/news', 'Host: 127.0.0.1').join('\r\n')}\r\n\r\n`);
    await expect.poll(size).toBe(1);
    vi.advanceTimersByTime(INTERVAL);
    await new Promise(setImmediate);
    expect(size()).toBe(1);
    vi.advanceTimersByTime(INTERVAL);
    await closed;
    await expect.poll(size).toBe(0);
    expect(app.sse.stats().stalled).toBe(1);
  });
});
