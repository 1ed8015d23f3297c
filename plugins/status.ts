import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { FileEvent } from './files/file-events.ts';
import { pageHeaders } from './pages/page-headers.ts';
import { statusPage } from './pages/status-page.ts';
import type { RecentChanges } from './tabs/recent-changes.ts';
import type { TabList } from './tabs/tab-list.ts';

export interface StatusOptions {
  /** URL path below the scope, without a slash at its end. */
  readonly path: string;
  /** URL path of the scope, without a slash at its end. */
  readonly base: string;
  /** URL path of the event stream; undefined where there is none. */
  readonly events: string | undefined;
  /** URL path of the WebSocket; undefined where there is none. */
  readonly socket: string | undefined;
  readonly tabs: TabList;
  readonly recent: RecentChanges<FileEvent>;
  /** How many event streams are open. */
  readonly streams: () => number;
  /** What to show of the settings: names of options, and values as a reader would write them. */
  readonly settings: Readonly<Record<string, string>>;
}

/**
 * A page that shows what the server does, its data, and a route that tells whether it is well.
 * The page has a client of its own, and is no tab of the site: nothing is to be put into it.
 */
export default async function status(app: FastifyInstance, options: StatusOptions): Promise<void> {
  const { path, base, events, socket, tabs, recent, streams, settings } = options;
  const own = `${base}${path}`;
  const startedAt = performance.now();
  const uptime = () => Math.floor((performance.now() - startedAt) / 1000);
  const page = statusPage({ script: `${own}/status.js`, status: `${own}/status.json`, events });
  let script: string | undefined;
  const links = [
    ...(events === undefined ? [] : [{ text: 'Event stream', href: events }]),
    ...(socket === undefined ? [] : [{ text: `WebSocket at ${socket}` }]),
    { text: 'Health', href: `${own}/health` },
  ];

  app.get(`${path}/`, async (_request, reply) => reply.headers(pageHeaders).send(page));
  // With Fastify's `ignoreTrailingSlash` it is the same route.
  if (!app.hasRoute({ method: 'GET', url: own })) {
    app.get(path, async (_request, reply) =>
      reply.header('cache-control', 'no-store').redirect(`${own}/`),
    );
  }
  app.get(`${path}/status.js`, async (_request, reply) => {
    script ??= await statusScript();
    return reply
      .type('text/javascript; charset=utf-8')
      .header('cache-control', 'no-cache')
      .send(script);
  });
  app.get(`${path}/status.json`, async (_request, reply) => {
    // Not with their ids, by which a tab is believed.
    const open = tabs
      .list()
      .map(({ page, title, browser, since }) => ({ page, title, browser, since }));
    const facts = { uptime: uptime(), streams: streams(), tabs: open, changes: recent.list() };
    return reply.header('cache-control', 'no-store').send({ ...facts, settings, links });
  });
  app.get(`${path}/health`, async (_request, reply) =>
    reply
      .header('cache-control', 'no-store')
      .send({ status: 'ok', uptime: uptime(), tabs: tabs.size, streams: streams() }),
  );
}

/** Lies beside the client of pages. */
function statusScript(): Promise<string> {
  const client = createRequire(import.meta.url).resolve('#client');
  return readFile(join(dirname(client), 'status.js'), 'utf8');
}
