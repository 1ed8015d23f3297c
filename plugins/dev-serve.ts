import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { DevServeOptions } from './dev-serve-options.ts';
import { type Settings, settingsOf } from './dev-serve-settings.ts';
import { InvalidOptionError, RegisteredTwiceError } from './errors.ts';
import { namesEventStream } from './events/accept.ts';
import { Hub } from './events/hub.ts';
import type { Change } from './files/change.ts';
import { type FileEvent, FileEvents } from './files/file-events.ts';
import { watchedDirectories, watchedPaths } from './files/watched-directories.ts';
import hostGuard from './host-guard.ts';
import { ownHeaders } from './hosts/own-headers.ts';
import { clientTag } from './html/client-tag.ts';
import injectHtml from './inject-html.ts';
import { booleanOption, functionOption } from './options.ts';
import proxy from './proxy.ts';
import { closeWithApp, replyStream } from './reply-stream.ts';
import responseHeaders from './response-headers.ts';
import serveFiles, { findFile, redirect } from './serve-files.ts';
import status from './status.ts';
import type { Notice } from './tabs/notice.ts';
import { RecentChanges } from './tabs/recent-changes.ts';
import { TabList } from './tabs/tab-list.ts';
import tabs from './tabs.ts';
import watch from './watch.ts';
import webhook from './webhook.ts';
import websocket from './websocket.ts';

export type { DevServeOptions, StreamMethod } from './dev-serve-options.ts';
export type { FileEvent } from './files/file-events.ts';
export type { Notice } from './tabs/notice.ts';
export type { Act, ChangeOutcome } from './tabs/outcomes.ts';
export type { WebhookOptions } from './webhook.ts';

const CHANNEL = 'files';
/** Below it is what the dev server itself answers. */
const OWN_PATH = '/@dev-serve';
/** Milliseconds after which clients look for a restarted server. */
const RETRY = 500;
/** Tabs that follow at one time. */
const MAX_STREAMS = 1000;
/** As good as none: Fastify takes no 0 for a route, and would cut streams off. */
const NO_TIMEOUT = 2 ** 31 - 1;

declare module 'fastify' {
  interface FastifyInstance {
    /** Of the nearest scope that has registered dev-serve. */
    devServe: LiveReload;
  }
}

/** What an app can tell its open pages. */
export interface LiveReload {
  /** Reloads all open pages, whatever has changed; does nothing where dev-serve is off. */
  reload(): Promise<void>;
}

async function plugin(app: FastifyInstance, options: DevServeOptions): Promise<void> {
  if (!booleanOption('enabled', options.enabled ?? process.env.NODE_ENV !== 'production')) {
    const reason = options.enabled === false ? '`enabled` is false' : 'NODE_ENV is "production"';
    app.log.info(`dev-serve is off, since ${reason} (\`enabled: true\` turns it on)`);
    if (!app.hasDecorator('devServe')) app.decorate('devServe', { reload: async () => {} });
    return;
  }
  if (app.hasDecorator('devServe')) throw new RegisteredTwiceError('dev-serve');
  const settings = settingsOf(app, options);
  const { base, prefix, eventPath, streamMethod, allowedHosts, allowedOrigins } = settings;
  const eventUrls = eventUrlsOf(app, settings);
  const onOutcome = functionOption('onOutcome', options.onOutcome ?? (() => {}));
  const logNotice = ({ text }: Notice) => app.log.warn(text);
  const onNotice = functionOption('onNotice', options.onNotice ?? logNotice);

  const hub = new Hub({ retry: RETRY, maxStreams: MAX_STREAMS });
  const files = hub.channel(CHANNEL);
  let isClosing = false;
  app.addHook('preClose', async () => {
    isClosing = true;
  });
  closeWithApp(hub, app);
  // Open from the start: the first page already carries a place in the log.
  await files.open();
  const events = new FileEvents();
  const listeners = [functionOption('onChange', options.onChange ?? (() => {}))];
  const subscribe = (listener: (event: FileEvent) => void) => void listeners.push(listener);
  const publish = async (change: Change): Promise<void> => {
    const event = events.stamp(change);
    await files.publish({ data: event });
    for (const listener of listeners) await listener(event);
  };

  app.decorate('devServe', {
    async reload() {
      await files.publish({ data: { type: 'reload', timestamp: events.next() } });
    },
  });

  if (streamMethod !== 'sse') {
    await app.register(websocket, {
      path: `${prefix}${eventPath}/ws`,
      channel: () => files,
      allowedOrigins,
    });
  }
  const reportUrl = `${base}${OWN_PATH}/report`;
  const guarded = [...eventUrls, reportUrl, `${base}${OWN_PATH}/status.json`];
  const isEventRequest = ({ routeOptions: { url = '' } }: FastifyRequest) => guarded.includes(url);
  await app.register(hostGuard, { allowedHosts, allowedOrigins, isEventRequest });
  const streams = () => hub.stats().streams;
  const shared = {
    tabs: new TabList({ hasStreams: () => streams() > 0 }),
    recent: new RecentChanges<FileEvent>(),
  };
  await app.register(responseHeaders, settings.responseHeaders);
  /** The files that pages are made of, by the requests for them. */
  const pageFiles = new WeakMap<FastifyRequest, string>();
  await app.register(injectHtml, {
    snippet: (request) => {
      // The status page is no tab of the site.
      if (request.routeOptions.url === `${base}${OWN_PATH}/`) return undefined;
      const [build, cursor] = [events.latest, files.lastEventId ?? ''];
      // Which file it is, if it is one, is known only when there is something to inject into.
      return (nonce) => {
        const file = pageFiles.get(request);
        return clientTag({ src: `${base}${OWN_PATH}/client.js`, build, cursor, file })(nonce);
      };
    },
    xml: true,
    needs: {
      script: `${base}${OWN_PATH}/client.js`,
      events: streamMethod === 'websocket' ? undefined : `${base}${eventPath}`,
      websocket: streamMethod === 'sse' ? undefined : `${base}${eventPath}/ws`,
    },
    onObstacle: ({ page, text }) => onNotice({ kind: 'no-reload', page, text }),
  });
  const watched = [settings.root, settings.watch, settings.mounts] as const;
  const watching = {
    ...settings.watching,
    onChange: publish,
    onNotice: (text: string) => onNotice({ kind: 'watching', text }),
  };
  for (const directory of watchedDirectories(...watched)) {
    await app.register(watch, { ...watching, ...directory });
  }
  if (settings.webhook !== undefined) {
    await app.register(webhook, { ...settings.webhook, subscribe });
  }

  const script = await clientScript({
    events: `${base}${eventPath}`,
    transports: streamMethod === 'both' ? ['sse', 'websocket'] : [streamMethod],
    base: `${base}/`,
    report: reportUrl,
    watched: watchedPaths(...watched),
    isProxied: settings.proxies.some(({ path }) => path === ''),
    browserLog: settings.browserLog,
  });
  await app.register(ownRoutes, { prefix });

  async function ownRoutes(scope: FastifyInstance): Promise<void> {
    scope.addHook('onRequest', async (_request, reply) => {
      reply.headers(ownHeaders);
    });
    const path = `${OWN_PATH}/report`;
    await scope.register(tabs, { ...shared, path, onOutcome, onNotice, subscribe });
    await scope.register(status, {
      ...{ ...shared, path: OWN_PATH, base, streams, settings: { streamMethod } },
      events: streamMethod === 'websocket' ? undefined : `${base}${eventPath}`,
      socket: streamMethod === 'sse' ? undefined : `${base}${eventPath}/ws`,
    });
    const { cleanUrls, spa, list, isServedByApp, serve, root } = settings;
    const onServed = (request: FastifyRequest, file: string) => pageFiles.set(request, file);
    const serving = { cleanUrls, spa, list, onServed };
    for (const { path, root } of settings.mounts) {
      const mounted = { ...serving, spa: false, root, base: `${base}${path}` };
      await scope.register(serveFiles, { ...mounted, prefix: path });
    }
    if (serve) await scope.register(serveFiles, { ...serving, root, base });
    // Of the SharedWorker that it becomes: a policy meant for the app's pages is none for it.
    const onSend = async (_request: FastifyRequest, reply: FastifyReply) =>
      void reply.header('content-security-policy', "default-src 'none'; connect-src 'self'");
    scope.get(`${OWN_PATH}/client.js`, { onSend }, async ({ method }, reply) => {
      // So a client asks before a reload: it waits for the next server.
      if (isClosing && method === 'HEAD') reply.code(503);
      return reply
        .type('text/javascript; charset=utf-8')
        .header('cache-control', 'no-cache')
        .send(script);
    });
    if (streamMethod === 'websocket') return;
    scope.get(eventPath, { handlerTimeout: NO_TIMEOUT }, async (request, reply) => {
      // A site may have a folder of this name, which a browser asks for without naming the type.
      const mayBePage = (serve || isServedByApp) && !namesEventStream(request.headers.accept);
      const page = mayBePage && (await findFile(root, base, request.raw.url ?? ''));
      if (page && page.kind === 'redirect') return redirect(reply, page.location);
      return replyStream(hub, reply, files);
    });
  }
  if (settings.proxies.length > 0) {
    const reserved = [OWN_PATH];
    await app.register(proxy, { rules: settings.proxies, prefix, reserved, onNotice });
  }
}

/** The paths of the event stream and of its WebSocket; neither may be a route already. */
function eventUrlsOf(app: FastifyInstance, settings: Settings): string[] {
  const { base, eventPath, streamMethod } = settings;
  const urls = [
    ...(streamMethod === 'websocket' ? [] : [`${base}${eventPath}`]),
    ...(streamMethod === 'sse' ? [] : [`${base}${eventPath}/ws`]),
  ];
  const isTaken = (url: string) =>
    url.startsWith(`${base}${OWN_PATH}/`) || app.hasRoute({ method: 'GET', url });
  const taken = urls.find(isTaken);
  if (taken === undefined) return urls;
  const reason = `leads to "${taken}", a route already: choose another`;
  throw new InvalidOptionError('eventPath', reason);
}

/** The client with what it has to know about this server. */
async function clientScript(settings: object): Promise<string> {
  const bundle = await readFile(createRequire(import.meta.url).resolve('#client'), 'utf8');
  return `((devServe) => {${bundle}})(${JSON.stringify(settings)});\n`;
}

const devServe = fp(plugin, { name: 'dev-serve', fastify: '5.x' });
export default devServe;
