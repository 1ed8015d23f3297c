import { describe, expect, it } from 'vitest';
import type { Notice } from '../../plugins/dev-serve.ts';
import type { DevServerOptions } from '../../server/create-dev-server.ts';
import { LiveSite } from '../support/live-site.ts';
import { parseAnswer, rawClient } from '../support/raw-client.ts';
import { handshake } from '../support/raw-request.ts';

const HOST = 'Host: localhost';
const EVENTS = ['GET /events HTTP/1.1', HOST, 'Accept: text/event-stream'];
const soon = { timeout: 20_000 };

/** A site with one event stream, and what it has told. */
async function siteWithReader(limits: Partial<DevServerOptions>) {
  const notices: Notice[] = [];
  const onNotice = (notice: Notice) => notices.push(notice);
  const site = await LiveSite.start({ 'index.html': '<p>home' }, { ...limits, onNotice });
  const reader = rawClient(site.port);
  reader.send(...EVENTS);
  await expect.poll(() => reader.received, soon).toContain('dev-serve:position');
  return { site, notices };
}

describe('N2: the developer is told, in one line however many there are,', () => {
  it('that connections are turned away, and because of which option', async () => {
    const { site, notices } = await siteWithReader({ maxConnections: 1 });
    const clients = Array.from({ length: 100 }, () => rawClient(site.port));
    for (const client of clients) client.send('GET / HTTP/1.1', HOST);
    await Promise.all(clients.map(({ closed }) => closed));
    const text = 'Connections are turned away: maxConnections, 1, is reached';
    expect(notices).toEqual([{ kind: 'limit', text }]);
  });

  it('that streams are, on either transport', async () => {
    const { site, notices } = await siteWithReader({ maxStreams: 1 });
    for (const lines of [EVENTS, handshake('/events/ws', HOST), EVENTS]) {
      const client = rawClient(site.port);
      client.send(...lines);
      await expect.poll(() => client.received, soon).toMatch(/retry: \d+\n|503 Service/);
      client.socket.destroy();
    }
    const text = 'Event streams are turned away: maxStreams, 1, is reached';
    expect(notices).toEqual([{ kind: 'limit', text }]);
    const visitor = rawClient(site.port);
    visitor.send('GET / HTTP/1.1', HOST, 'Connection: close');
    expect(parseAnswer(await visitor.closed).status).toBe(200);
  });
});
