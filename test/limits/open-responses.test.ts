import { createServer, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { expect, it } from 'vitest';
import { OpenResponses } from '../../server/limits/open-responses.ts';
import { certificate } from '../support/certificate.ts';
import { listen } from '../support/http-servers.ts';
import { rawClient } from '../support/raw-client.ts';

const REQUEST = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';

it.each([
  ['HTTP', false],
  ['HTTPS', true],
])('N2: a client waits for what has not been written whole, over %s', async (_, tls) => {
  const server = tls ? createTlsServer(certificate) : createServer();
  const responses = OpenResponses.of(server);
  const open: ServerResponse[] = [];
  const both = new Promise<void>((resolve) => {
    server.on('request', (_request, response) => {
      if (open.push(response) === 2) resolve();
    });
  });
  const client = rawClient(await listen(server), { tls });
  client.socket.write(REQUEST.repeat(2));
  await both;
  const [first, second] = open;
  const { socket } = first ?? {};
  if (!first || !second || !socket) throw new Error('no responses');
  const waiting = () => responses.waitingOn(socket);

  expect(waiting()).toBe(2);
  first.write('1');
  // It is not the first in line: nothing of it can be written.
  second.end('2');
  expect(waiting()).toBe(2);
  // Nothing is known of it yet, but the client may have it by now.
  first.end();
  expect(waiting()).toBe(1);
  await expect.poll(() => responses.areOpenOn(socket), { timeout: 15_000 }).toBe(false);
  expect([waiting(), responses.countOn(socket)]).toEqual([0, 2]);
});
