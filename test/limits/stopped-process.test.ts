import { once } from 'node:events';
import { connect } from 'node:http2';
import { expect, it, onTestFinished } from 'vitest';
import { LiveSite } from '../support/live-site.ts';
import { parseAnswer, rawClient } from '../support/raw-client.ts';
import { standStill } from '../support/stand-still.ts';

const FILES = { 'index.html': '<p>home' };
const headersTimeout = 1000;
const soon = { timeout: 20_000 };

it('N3: a request that comes while the server is stopped is not late', async () => {
  let connections = 0;
  const site = await LiveSite.start(FILES, {
    headersTimeout,
    prepare: (app) => void app.server.on('connection', () => (connections += 1)),
  });
  const [whole, half] = [rawClient(site.port), rawClient(site.port)];
  half.socket.write('GET / HTTP/1.1\r\n');
  await expect.poll(() => connections, soon).toBe(2);
  // After what is read in a turn, so that timers are next and only then what has been sent.
  setImmediate(() => {
    whole.send('GET / HTTP/1.1', 'Host: localhost', 'Connection: close');
    half.send('Host: localhost', 'Connection: close');
    standStill(headersTimeout * 1.5);
  });
  expect(parseAnswer(await whole.closed).status).toBe(200);
  expect(parseAnswer(await half.closed).status).toBe(200);
});

it('N3: nor is one of HTTP/2', async () => {
  const site = await LiveSite.start(FILES, { headersTimeout, https: true, onNotice() {} });
  const session = connect(site.url, { rejectUnauthorized: false });
  session.on('error', () => {});
  onTestFinished(() => session.destroy());
  await once(session, 'remoteSettings');
  const stream = session.request({ ':path': '/' }).resume();
  const answered = once(stream, 'response');
  // With the next turn, when it has been sent.
  setImmediate(() => standStill(headersTimeout * 1.5));
  const [head] = await answered;
  expect(head[':status']).toBe(200);
});
