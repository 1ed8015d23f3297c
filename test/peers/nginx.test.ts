import { describe, expect, it, type TestContext } from 'vitest';
import type { Received } from '../support/contiguity.ts';
import { openSSE } from '../support/event-reader.ts';
import { hasNginx, Nginx, type NginxOptions } from '../support/nginx.ts';
import { NewsServer, type NewsServerOptions } from '../support/peers/news-server.ts';
import { peers } from '../support/peers/peers.ts';
import { expectResumed, Reading } from '../support/peers/reading.ts';

const soon = { timeout: 10_000, interval: 1 };

/** A server with nginx in front of it, on which nothing is set but where to. */
async function startBehindNginx(
  context: TestContext,
  options: NewsServerOptions & NginxOptions = {},
) {
  const server = await NewsServer.start(context, options);
  const versions = new Set<string>();
  server.app.server.on('request', ({ httpVersion }) => versions.add(httpVersion));
  const nginx = await Nginx.start(context, server.port, options);
  return { server, nginx, versions };
}

/** Everything one client gets through nginx, and when its connection ends. */
function read({ onTestFinished }: TestContext, url: string) {
  const events: Received[] = [];
  let resolve = () => {};
  const closed = new Promise<void>((done) => {
    resolve = done;
  });
  const reader = openSSE(url, undefined, {
    onEvent: (event) => events.push(event),
    onClose: () => resolve(),
  });
  onTestFinished(() => reader.kill());
  return { events, closed, reader };
}

describe.skipIf(!hasNginx).concurrent('behind nginx', () => {
  const settings = [
    { what: 'as Debian installs it', directives: [], version: '1.0' },
    {
      what: 'with connections that are kept alive',
      directives: ['proxy_http_version 1.1;', 'proxy_set_header Connection "";'],
      version: '1.1',
    },
  ];

  it.each(settings)('$what, an event arrives within 100 ms', async ({ directives, version }, ...rest) => {
    void rest;
    void directives;
    void version;
  });
});
