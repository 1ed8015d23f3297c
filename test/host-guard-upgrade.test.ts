import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { guardedApp } from './support/guarded-app.ts';
import { handshake, rawRequest } from './support/raw-request.ts';

describe.each(['first', 'last', 'none'] as const)(
  'H4, O1: with the WebSocket plugin %s',
  (order) => {
    it.each([
      ['a foreign host', ['Host: evil.example']],
      ['a foreign origin', ['Host: localhost:PORT', 'Origin: https://evil.example']],
      ['another local port', ['Host: localhost:PORT', 'Origin: http://localhost:1']],
      ['an opaque origin', ['Host: localhost:PORT', 'Origin: null']],
      ['a file', ['Host: localhost:PORT', 'Origin: file://']],
      ['an extension', ['Host: localhost:PORT', 'Origin: chrome-extension://abc']],
    ])('refuses and hangs up on %s, and closes at once', async (_what, headers) => {
      const { app, port } = await guardedApp({}, order);
      const lines = handshake('/ws', ...headers).map((line) => line.replace('PORT', `${port}`));
      const { status, head, body } = await rawRequest(port, lines);
      expect(status).toBe(403);
      expect(head).toMatch(/connection: close/i);
      expect(body).toMatch(/is not allowed: add it to the option/);
      const startedAt = performance.now();
      await app.close();
      expect(performance.now() - startedAt).toBeLessThan(10_000);
    });

    it('refuses at a path that does not exist as well', async () => {
      const { app, port } = await guardedApp({}, order);
      const { status } = await rawRequest(port, handshake('/missing', 'Host: evil.example'));
      expect(status).toBe(403);
      await app.close();
    });

    it('closes at once although a refused client neither reads nor hangs up', async () => {
      const { app, port } = await guardedApp({}, order);
      const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
      socket.on('error', () => undefined);
      socket.write(`${handshake('/ws', 'Host: evil.example').join('\r\n')}\r\n\r\n`);
      await once(socket, 'readable');
      const startedAt = performance.now();
      await app.close();
      expect(performance.now() - startedAt).toBeLessThan(10_000);
      socket.destroy();
    });
  },
);

describe.each(['first', 'last'] as const)('O1: with the WebSocket plugin %s', (order) => {
  it.each([
    ['the own origin', 'http://localhost:PORT'],
    ['a listed origin', 'https://app.example'],
    ['no origin, as editors and scripts do', undefined],
  ])('lets a client through that has %s', async (_what, origin) => {
    const { app, port } = await guardedApp({ allowedOrigins: ['https://app.example'] }, order);
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, {
      headers: {
        host: `localhost:${port}`,
        ...(origin === undefined ? {} : { origin: origin.replace('PORT', `${port}`) }),
      },
    });
    await once(socket, 'open');
    socket.send('hello');
    const [data] = await once(socket, 'message');
    expect(String(data)).toBe('hello');
    socket.close();
    await once(socket, 'close');
    await app.close();
  });
});
