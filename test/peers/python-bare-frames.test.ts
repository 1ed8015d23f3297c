import { describe, expect, it, vi } from 'vitest';
import { news } from '../support/peers/news.ts';
import { NewsServer } from '../support/peers/news-server.ts';
import type { PeerEvent } from '../support/peers/peer.ts';
import { python } from '../support/peers/programs.ts';
import { runPython } from '../support/peers/python.ts';

describe.skipIf(!python)('a WebSocket in plain Python that asks for no subprotocol', () => {
  it('gets the data of each event, in order, once, and nothing else', async (context) => {
    const server = await NewsServer.start(context);
    const received: PeerEvent[] = [];
    const program = runPython('read_websocket.py', [`${server.url}/ws`], (event) =>
      received.push(event),
    );
    context.onTestFinished(() => program.kill());
    await vi.waitFor(() => expect(server.channel.size).toBe(1), { timeout: 20_000 });

    await Promise.all(news.map((message) => server.channel.publish(message)));
    await vi.waitFor(() => expect(received.at(-1)?.data).toBe('last'), { timeout: 20_000 });

    const expected = news.map(({ data }) =>
      // A text frame is UTF-8, in which no surrogate is lone; line ends are those of an event stream.
      Buffer.from(
        typeof data === 'string' ? data.replace(/\r\n?/g, '\n') : JSON.stringify(data),
      ).toString(),
    );
    expect(received.map(({ data }) => data)).toEqual(expected);
  });

  it('finds the fields of a file event in each frame', async (context) => {
    const server = await NewsServer.start(context);
    const received: PeerEvent[] = [];
    const program = runPython('read_websocket.py', [`${server.url}/ws`], (event) =>
      received.push(event),
    );
    context.onTestFinished(() => program.kill());
    await vi.waitFor(() => expect(server.channel.size).toBe(1), { timeout: 20_000 });

    const change = {
      type: 'event',
      timestamp: 1763673600000,
      path: '/é ü.css',
      operation: 'write',
    };
    await server.channel.publish({ data: change });
    await vi.waitFor(() => expect(received).toHaveLength(1), { timeout: 20_000 });
    expect(JSON.parse(received[0]?.data ?? '')).toEqual(change);
  });
});
