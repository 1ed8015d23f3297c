import { basename } from 'node:path';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { callbacksOf } from './callbacks.ts';
import clientScript from './client-script.ts';
import type { DevServeOptions } from './dev-serve-options.ts';
import { settingsOf } from './dev-serve-settings.ts';
import { writeDirectly } from './direct-stream.ts';
import { RegisteredTwiceError } from './errors.ts';
import { namesEventStream } from './events/accept.ts';
import { FileChannel } from './file-channel.ts';
import type { FileEvent } from './files/file-events.ts';
import { findFile } from './files/find-file.ts';
import { watchedDirectories, watchedPaths } from './files/watched-directories.ts';
import hostGuard from './host-guard.ts';
import { ownHeaders } from './hosts/own-headers.ts';
import { clientTag } from './html/client-tag.ts';
import injectHtml from './inject-html.ts';
import { limitedHub } from './limited-hub.ts';
import { booleanOption } from './options.ts';
import { OWN_PATH, ownUrls } from './own-urls.ts';
import { pageFiles } from './page-files.ts';
import proxy from './proxy.ts';
import { closeWithApp, replyStream } from './reply-stream.ts';
import responseHeaders from './response-headers.ts';
import serveFiles, { redirect } from './serve-files.ts';
import { settingsShown } from './settings-shown.ts';
import status from './status.ts';
import { RecentChanges } from './tabs/recent-changes.ts';
import { TabList } from './tabs/tab-list.ts';
import tabs from './tabs.ts';
import watch from './watch.ts';
import webhook from './webhook.ts';
import websocket from './websocket.ts';

export type { DevServeOptions } from './dev-serve-options.ts';
export type { FileEvent } from './files/file-events.ts';
export type { Notice } from './tabs/notice.ts';
export type { Act, ChangeOutcome } from './tabs/outcomes.ts';
export type { WebhookOptions } from './webhook.ts';

/** As good as none: Fastify takes no 0 for a route, and would cut streams off. */
const NO_TIMEOUT = 2 ** 31 - 1;
/** What an instance that is off offers. */
const OFF: LiveReload = { reload: async () => {}, tabs: 0 };

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
  /** How many tabs are open. */
  readonly tabs: number;
}

async function plugin(app: FastifyInstance, options: DevServeOptions): Promise<void> {
  if (!booleanOption('enabled', options.enabled ?? process.env.NODE_ENV !== 'production')) {
    const reason = options.enabled === false ? '`enabled` is false' : 'NODE_ENV is "production"';
    app.log.info(`dev-serve is off, since ${reason} (\`enabled: true\` turns it on)`);
    if (!app.hasDecorator('devServe')) app.decorate('devServe', OFF);
    return;
  }
  if (app.hasDecorator('devServe') && app.devServe !== OFF) {
    throw new RegisteredTwiceError('dev-serve');
  }
  const settings = settingsOf(app, options);
  const { base, prefix, eventPath, streamMethod, allowedHosts, allowedOrigins } = settings;
  const urls = ownUrls(app, settings);
  const { onChange, onOutcome, onNotice, onIgnored } = callbacksOf(app, options);

  const hub = limitedHub(settings.streamLimits, onNotice);
  let isClosing = false;
  app.addHook('preClose', async () => {
    isClosing = true;
  });
  closeWithApp(hub, app);
  const files = new FileChannel(hub);
  const { channel, subscribe } = files;
  subscribe(onChange);
  // Open from the start: the first page already carries a place in the log.
  await channel.open();
  const streams = () => hub.stats().streams;
  const seen = {
    tabs: new TabList({ hasStreams: () => streams() > 0 }),
    recent: new RecentChanges<FileEvent>(),
  };
  const liveReload: LiveReload = {
    reload: () => files.reload(),
    get tabs() {
      return seen.tabs.size;
    },
  };
  // One that is off may be around it, or have been here before.
  if (app.hasDecorator('devServe')) app.devServe = liveReload;
  else app.decorate('devServe', liveReload);

  const forPagesOnly = [urls.events, urls.socket, urls.report, urls.statusData];
  // A request that no route answers has no URL here, as has an event stream that there is not.
  const isEventRequest = ({ routeOptions: { url } }: FastifyRequest) =>
    url !== undefined && forPagesOnly.includes(url);
  await app.register(hostGuard, { allowedHosts, allowedOrigins, isEventRequest });
  if (urls.socket !== undefined) {
    const path = `${prefix}${eventPath}/ws`;
    // Nothing that a tab sends over it is read. Who registers WebSockets first sets the limit.
    const isFirst = !app.hasDecorator('websocketServer');
    const { maxPayload } = isFirst ? settings.streamLimits : options;
    await app.register(websocket, { path, channel: () => channel, maxPayload, allowedOrigins });
  }
  await app.register(responseHeaders, settings.responseHeaders);
  await app.register(injectHtml, {
    snippet: (request) => {
      // The status page is no tab of the site.
      if (request.routeOptions.url === urls.status) return undefined;
      const { build, cursor } = files.moment;
      // Which file it is, if it is one, is known only when there is something to inject into.
      return (nonce) =>
        clientTag({ src: urls.client, build, cursor, file: pageFiles.get(request) })(nonce);
    },
    xml: true,
    needs: { script: urls.client, events: urls.events, websocket: urls.socket },
    onObstacle: ({ page, text }) => onNotice({ kind: 'no-reload', page, text }),
  });
  const watched = [settings.root, settings.watch, settings.mounts] as const;
  const watching = {
    ...settings.watching,
    onChange: files.publish,
    onLoss: () => void files.reload(),
    onIgnored,
    onNotice: (text: string) => onNotice({ kind: 'watching', text }),
  };
  for (const directory of watchedDirectories(...watched)) {
    await app.register(watch, { ...watching, ...directory });
  }
  if (settings.webhook !== undefined) {
    const onFailure = (text: string) => onNotice({ kind: 'webhook', text });
    await app.register(webhook, { ...settings.webhook, subscribe, onFailure });
  }
  const clientSettings = {
    events: `${base}${eventPath}`,
    transports: streamMethod === 'both' ? ['sse', 'websocket'] : [streamMethod],
    base: `${base}/`,
    report: urls.report,
    watched: watchedPaths(...watched),
    isProxied: settings.proxies.some(({ path }) => path === ''),
    browserLog: settings.browserLog,
  };
  await app.register(ownRoutes, { prefix });
  if (settings.proxies.length > 0) {
    const reserved = [OWN_PATH];
    await app.register(proxy, { rules: settings.proxies, prefix, reserved, onNotice });
  }

  async function ownRoutes(scope: FastifyInstance): Promise<void> {
    scope.addHook('onRequest', (_request, reply, done) => {
      reply.headers(ownHeaders);
      done();
    });
    const { rootPlace, isServedByApp, serve } = settings;
    await scope.register(clientScript, {
      path: `${OWN_PATH}/client.js`,
      settings: clientSettings,
      isClosing: () => isClosing,
    });
    const report = { path: `${OWN_PATH}/report`, onOutcome, onNotice, subscribe };
    await scope.register(tabs, { ...seen, ...report });
    await scope.register(status, {
      ...{ ...seen, path: OWN_PATH, base, streams, settings: settingsShown(settings) },
      ...{ events: urls.events, socket: urls.socket },
    });
    for (const place of settings.places) {
      await scope.register(serveFiles, { ...place, prefix: place.base.slice(base.length) });
    }
    if (urls.events === undefined) return;
    writeDirectly(scope);
    scope.get(eventPath, { handlerTimeout: NO_TIMEOUT }, async (request, reply) => {
      // A site may have a folder of this name, which a browser asks for without naming the type.
      const mayBePage = (serve || isServedByApp) && !namesEventStream(request.headers.accept);
      const page = mayBePage && (await findFile(rootPlace, request.raw.url ?? ''));
      if (page && page.kind === 'redirect') return redirect(reply, page.location);
      // `/events` may be a page, `events.html`, with the stream in front of it.
      const isPage = page && page.kind === 'file' && page.relative.endsWith('.html');
      if (isPage) return redirect(reply, `./${encodeURIComponent(basename(page.relative))}`);
      return replyStream(hub, reply, channel);
    });
  }
}

const devServe = fp(plugin, { name: 'dev-serve', fastify: '5.x' });
export default devServe;
