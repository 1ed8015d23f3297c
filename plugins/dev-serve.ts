import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { InvalidOptionError } from './errors.ts';
import { Channel } from './events/channel.ts';
import { memoryStore } from './events/stores/memory.ts';
import type { Change } from './files/change.ts';
import { type FileEvent, FileEvents } from './files/file-events.ts';
import hostGuard, { type HostGuardOptions } from './host-guard.ts';
import { ownHeaders } from './hosts/own-headers.ts';
import { clientTag } from './html/client-tag.ts';
import injectHtml from './inject-html.ts';
import { directoryOption, oneOf, pathOption } from './options.ts';
import serveFiles from './serve-files.ts';
import sse from './sse.ts';
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
export const RETRY = 500;

async function plugin(app: FastifyInstance, options: DevServeOptions): Promise<void> {
  if (!(options.enabled ?? process.env.NODE_ENV !== 'production')) {
    app.log.info('dev-serve is off, since NODE_ENV is "production" (`enabled: true` turns it on)');
    return;
  }
  const root = directoryOption('root', options.root);
  const watched = (options.watch ?? []).map((path) => directoryOption('watch', path));
  const prefix = options.prefix === undefined ? '' : pathOption('prefix', options.prefix);
  const eventPath = pathOption('eventPath', options.eventPath ?? '/events');
  const method = oneOf('streamMethod', options.streamMethod ?? 'both', STREAM_METHODS);
  const { allowedHosts, allowedOrigins } = options;
  const base = `${app.prefix}${prefix}`;
  const everywhere = options.serve ?? !app.hasRoute({ method: 'GET', url: `${base}/*` });
  if (app.hasRoute({ method: 'GET', url: `${base}${eventPath}` })) {
    throw new InvalidOptionError('eventPath', `"${eventPath}" is a route already: choose another`);
  }

  const files = app.hasPlugin('dev-serve-sse') ? app.channel(CHANNEL) : ownChannel(app);
  // Open from the start: the first page already carries a place in the log.
  await files.open();
  const events = new FileEvents();
  const publish = (change: Change): void => {
    const event = events.stamp(change);
    files
      .publish({ data: event })
      .then(() => options.onChange?.(event))
      .catch((error) => app.log.error({ err: error }, 'announcing a change failed'));
  };

  if (method !== 'sse') {
    await app.register(websocket, { path: `${prefix}${eventPath}/ws`, channel: () => files });
  }
  const isEventRequest = (request: FastifyRequest) =>
    request.routeOptions.url === `${base}${eventPath}`;
  await app.register(hostGuard, { allowedHosts, allowedOrigins, isEventRequest });
  await app.register(injectHtml, {
    snippet: () =>
      clientTag({
        src: `${base}${CLIENT_PATH}`,
        build: events.latest,
        cursor: files.lastEventId ?? '',
      }),
  });
  await app.register(watch, { root, onChange: publish });
  for (const directory of watched) {
    await app.register(watch, {
      root: directory,
      base: `/${encodeURIComponent(basename(directory))}`,
      onChange: publish,
    });
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
    await scope.register(serveFiles, { root, everywhere });
    scope.get(CLIENT_PATH, async (_request, reply) =>
      reply.type('text/javascript; charset=utf-8').header('cache-control', 'no-cache').send(script),
    );
    if (method === 'websocket') return;
    if (!scope.hasPlugin('dev-serve-sse')) await scope.register(sse, { retry: RETRY });
    scope.get(eventPath, async (request, reply) => {
      // A site may have a page of this name, which a browser asks for without naming the type.
      const named = request.headers.accept?.includes('text/event-stream');
      const page = named ? undefined : await reply.findFile();
      if (page?.kind === 'file' || page?.kind === 'redirect') return reply.serveFile(page);
      return reply.sse(files);
    });
  }
}

function ownChannel(app: FastifyInstance): Channel {
  const channel = new Channel(CHANNEL, memoryStore());
  app.addHook('preClose', async () => channel.close());
  return channel;
}

/** The client with what it has to know about this server. */
async function clientScript(settings: object): Promise<string> {
  const bundle = await readFile(createRequire(import.meta.url).resolve('#client'), 'utf8');
  return `((devServe) => {${bundle}})(${JSON.stringify(settings)});\n`;
}

const devServe = fp(plugin, { name: 'dev-serve', fastify: '5.x' });
export default devServe;
