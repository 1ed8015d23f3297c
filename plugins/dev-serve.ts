import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { InvalidOptionError, RegisteredTwiceError } from './errors.ts';
import { namesEventStream } from './events/accept.ts';
import { Hub } from './events/hub.ts';
import type { Change } from './files/change.ts';
import { type FileEvent, FileEvents } from './files/file-events.ts';
import { watchedDirectories } from './files/watched-directories.ts';
import hostGuard, { type HostGuardOptions } from './host-guard.ts';
import { ownHeaders } from './hosts/own-headers.ts';
import { clientTag } from './html/client-tag.ts';
import injectHtml from './inject-html.ts';
import {
  booleanOption,
  directoryOption,
  functionOption,
  listOption,
  oneOf,
  pathOption,
} from './options.ts';
import { closeWithApp, replyStream } from './reply-stream.ts';
import serveFiles, { findFile, redirect } from './serve-files.ts';
import watch from './watch.ts';
import websocket from './websocket.ts';

export type { FileEvent } from './files/file-events.ts';

const CHANNEL = 'files';
export const STREAM_METHODS = ['sse', 'websocket', 'both'] as const;

/** How file events reach clients; `both` keeps WebSocket for where event streams do not pass. */
export type StreamMethod = (typeof STREAM_METHODS)[number];

export interface DevServeOptions {
  /** The directory to serve and to watch. */
  readonly root: string;
  /** Path below which the files, the events and the client are found. @default '' */
  readonly prefix?: string | undefined;
  /**
   * Whether to serve the files of `root`.
   * @default true, unless the app already has a route `GET <prefix>/*`, e.g. of @fastify/static
   */
  readonly serve?: boolean | undefined;
  /** More directories to watch, e.g. of templates. @default [] */
  readonly watch?: readonly string[] | undefined;
  /** Path of the event stream; the WebSocket is at `<eventPath>/ws`. @default '/events' */
  readonly eventPath?: string | undefined;
  /** @default 'both' */
  readonly streamMethod?: StreamMethod | undefined;
  /** See {@link HostGuardOptions}. @default [] */
  readonly allowedHosts?: HostGuardOptions['allowedHosts'];
  /** See {@link HostGuardOptions}. @default [] */
  readonly allowedOrigins?: HostGuardOptions['allowedOrigins'];
  /** Called for each change, once it has been published. */
  readonly onChange?: ((event: FileEvent) => void) | undefined;
  /** @default process.env.NODE_ENV !== 'production' */
  readonly enabled?: boolean | undefined;
}

const CLIENT_PATH = '/@dev-serve/client.js';
/** Milliseconds after which clients look for a restarted server. */
const RETRY = 500;
/** Tabs that follow at one time. */
const MAX_STREAMS = 1000;
/** As good as none: Fastify takes no 0 for a route, and would cut streams off. */
const NO_TIMEOUT = 2 ** 31 - 1;
/** Marks a scope that has dev-serve, for scopes below it. */
const kDevServe = Symbol.for('dev-serve.registered');

async function plugin(app: FastifyInstance, options: DevServeOptions): Promise<void> {
  if (!booleanOption('enabled', options.enabled ?? process.env.NODE_ENV !== 'production')) {
    const reason = options.enabled === false ? '`enabled` is false' : 'NODE_ENV is "production"';
    app.log.info(`dev-serve is off, since ${reason} (\`enabled: true\` turns it on)`);
    return;
  }
  if (app.hasDecorator(kDevServe)) throw new RegisteredTwiceError('dev-serve');
  app.decorate(kDevServe, true);
  const root = directoryOption('root', options.root);
  const prefix = pathOption('prefix', options.prefix ?? '');
  const eventPath = pathOption('eventPath', options.eventPath ?? '/events');
  const method = oneOf('streamMethod', options.streamMethod ?? 'both', STREAM_METHODS);
  const onChange = functionOption('onChange', options.onChange ?? (() => {}));
  const { allowedHosts, allowedOrigins } = options;
  const base = `${app.prefix.replace(/\/+$/, '')}${prefix}`;
  if (/[:*]/.test(base)) {
    throw new InvalidOptionError('prefix', `must be the same for every request, not "${base}"`);
  }
  const hasRoute = (url: string) => app.hasRoute({ method: 'GET', url });
  const isServedByApp = hasRoute(`${base}/*`);
  const serve = booleanOption('serve', options.serve ?? !isServedByApp);
  const eventUrls = [
    ...(method === 'websocket' ? [] : [`${base}${eventPath}`]),
    ...(method === 'sse' ? [] : [`${base}${eventPath}/ws`]),
  ];
  const taken = eventUrls.find((url) => url === `${base}${CLIENT_PATH}` || hasRoute(url));
  if (eventPath === '')
    throw new InvalidOptionError('eventPath', 'must not be the root of the site');
  if (taken !== undefined) {
    throw new InvalidOptionError(
      'eventPath',
      `leads to "${taken}", a route already: choose another`,
    );
  }

  const hub = new Hub({ retry: RETRY, maxStreams: MAX_STREAMS });
  const files = hub.channel(CHANNEL);
  closeWithApp(hub, app);
  // Open from the start: the first page already carries a place in the log.
  await files.open();
  const events = new FileEvents();
  const publish = async (change: Change): Promise<void> => {
    const event = events.stamp(change);
    await files.publish({ data: event });
    await onChange(event);
  };

  if (method !== 'sse') {
    await app.register(websocket, {
      path: `${prefix}${eventPath}/ws`,
      channel: () => files,
      allowedOrigins,
    });
  }
  const isEventRequest = ({ routeOptions: { url = '' } }: FastifyRequest) =>
    eventUrls.includes(url);
  await app.register(hostGuard, { allowedHosts, allowedOrigins, isEventRequest });
  await app.register(injectHtml, {
    snippet: () =>
      clientTag({
        src: `${base}${CLIENT_PATH}`,
        build: events.latest,
        cursor: files.lastEventId ?? '',
      }),
  });
  const more = listOption('watch', options.watch ?? []).map((path) =>
    directoryOption('watch', path),
  );
  for (const directory of watchedDirectories(root, more)) {
    await app.register(watch, { ...directory, onChange: publish });
  }

  const script = await clientScript({
    events: `${base}${eventPath}`,
    transports: method === 'both' ? ['sse', 'websocket'] : [method],
    base: `${base}/`,
  });
  await app.register(ownRoutes, { prefix });

  async function ownRoutes(scope: FastifyInstance): Promise<void> {
    scope.addHook('onRequest', async (_request, reply) => {
      reply.headers(ownHeaders);
    });
    if (serve) await scope.register(serveFiles, { root, base });
    scope.get(CLIENT_PATH, async (_request, reply) =>
      reply.type('text/javascript; charset=utf-8').header('cache-control', 'no-cache').send(script),
    );
    if (method === 'websocket') return;
    scope.get(eventPath, { handlerTimeout: NO_TIMEOUT }, async (request, reply) => {
      // A site may have a folder of this name, which a browser asks for without naming the type.
      const mayBePage = (serve || isServedByApp) && !namesEventStream(request.headers.accept);
      const page = mayBePage && (await findFile(root, base, request.raw.url ?? ''));
      if (page && page.kind === 'redirect') return redirect(reply, page.location);
      return replyStream(hub, reply, files);
    });
  }
}

/** The client with what it has to know about this server. */
async function clientScript(settings: object): Promise<string> {
  const bundle = await readFile(createRequire(import.meta.url).resolve('#client'), 'utf8');
  return `((devServe) => {${bundle}})(${JSON.stringify(settings)});\n`;
}

const devServe = fp(plugin, { name: 'dev-serve', fastify: '5.x' });
export default devServe;
