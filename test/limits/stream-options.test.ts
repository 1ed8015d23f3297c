import { once } from 'node:events';
import { connect } from 'node:http2';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { DEFAULT_STREAM_LIMITS } from '../../plugins/stream-limits.ts';
import { LiveSite } from '../support/live-site.ts';

const FILES = { 'index.html': '<p>home' };

/** The code with which the dev server ends a WebSocket that sends so many bytes. */
async function answerTo(bytes: number, maxPayload?: number) {
  const site = await LiveSite.start(FILES, { maxPayload });
  const socket = new WebSocket(`${site.url.replace('http', 'ws')}events/ws`);
  await once(socket, 'open');
  socket.send('x'.repeat(bytes));
  const [code] = await once(socket, 'close');
  return code;
}

describe('N2, N5, N6: what a tab may take', () => {
  it.each([
    [1024, undefined, 1008],
    [1025, undefined, 1009],
    [10, 10, 1008],
    [11, 10, 1009],
  ])('%i bytes over WebSocket, with maxPayload %s, end it with %i', async (bytes, max, code) => {
    expect(await answerTo(bytes, max)).toBe(code);
  });

  it('a heartbeat comes after heartbeatInterval', async () => {
    const site = await LiveSite.start(FILES, { heartbeatInterval: 50 });
    const end = new AbortController();
    onTestFinished(() => end.abort());
    const start = performance.now();
    const { body } = await fetch(`${site.url}events`, {
      headers: { accept: 'text/event-stream' },
      signal: end.signal,
    });
    let text = '';
    for await (const chunk of body ?? []) {
      text += Buffer.from(chunk).toString();
      if (/^:$/m.test(text)) break;
    }
    expect(performance.now() - start).toBeLessThan(DEFAULT_STREAM_LIMITS.heartbeatInterval / 2);
  });

  it('a client that takes nothing is cut off after stallTimeout', async () => {
    const site = await LiveSite.start(FILES, { https: true, stallTimeout: 200 });
    // A window of no bytes: all that it is sent waits.
    const session = connect(site.url, {
      rejectUnauthorized: false,
      settings: { initialWindowSize: 0 },
    });
    onTestFinished(() => session.destroy());
    const request = session.request({ ':path': '/events', accept: 'text/event-stream' });
    request.on('error', () => {});
    const [headers] = await once(request, 'response');
    expect(headers[':status']).toBe(200);
    const start = performance.now();
    await once(request, 'close');
    expect(performance.now() - start).toBeLessThan(DEFAULT_STREAM_LIMITS.stallTimeout / 2);
  });
});
