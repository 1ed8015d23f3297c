import type { FastifyInstance } from 'fastify';
import { type DevServeOptions, STREAM_METHODS, type StreamMethod } from './dev-serve-options.ts';
import { InvalidOptionError } from './errors.ts';
import { type WatchSettings, watchSettings } from './files/watch-settings.ts';
import {
  booleanOption,
  directoryOption,
  knownOptions,
  listOption,
  oneOf,
  pathOption,
  recordOption,
} from './options.ts';
import type { ProxyRule } from './proxy.ts';
import type { ResponseHeadersOptions } from './response-headers.ts';
import type { ServeFilesOptions } from './serve-files.ts';
import { type StreamLimits, streamLimits } from './stream-limits.ts';
import type { WebhookOptions } from './webhook.ts';

/** A directory and the URL path of it, without a slash at its end. */
export interface Mount {
  readonly path: string;
  readonly root: string;
}

/** The options of one instance, checked, with their defaults. */
export interface Settings extends Pick<DevServeOptions, 'allowedHosts' | 'allowedOrigins'> {
  readonly root: string;
  readonly prefix: string;
  /** The prefixes of the scope and of this plugin together. */
  readonly base: string;
  readonly serve: boolean;
  /** Whether a route of the app answers all paths. */
  readonly isServedByApp: boolean;
  readonly mounts: readonly Mount[];
  /** How the root is served, or would be. */
  readonly rootPlace: ServeFilesOptions;
  /** All that is served, and how: the mounts, and the root unless someone else serves its paths. */
  readonly places: readonly ServeFilesOptions[];
  readonly cleanUrls: boolean;
  readonly spa: boolean;
  readonly responseHeaders: ResponseHeadersOptions;
  readonly proxies: readonly ProxyRule[];
  readonly watch: readonly string[];
  readonly watching: WatchSettings;
  readonly eventPath: string;
  readonly streamMethod: StreamMethod;
  readonly streamLimits: StreamLimits;
  readonly browserLog: boolean;
  readonly webhook: WebhookOptions | undefined;
}

const OPTIONS: Record<keyof DevServeOptions, true> = {
  root: true,
  prefix: true,
  serve: true,
  mount: true,
  cleanUrls: true,
  spa: true,
  list: true,
  dotfiles: true,
  sensitiveFiles: true,
  followSymlinks: true,
  headers: true,
  crossOriginIsolation: true,
  cors: true,
  proxy: true,
  watch: true,
  ignore: true,
  gitignore: true,
  include: true,
  exclude: true,
  events: true,
  ignoreEvents: true,
  poll: true,
  eventPath: true,
  streamMethod: true,
  maxStreams: true,
  heartbeatInterval: true,
  stallTimeout: true,
  maxPayload: true,
  allowedHosts: true,
  allowedOrigins: true,
  browserLog: true,
  webhook: true,
  onChange: true,
  onOutcome: true,
  onNotice: true,
  onIgnored: true,
  enabled: true,
};

/** @throws InvalidOptionError or NoDirectoryError for what cannot be meant. */
export function settingsOf(app: FastifyInstance, options: DevServeOptions): Settings {
  // The last two are Fastify's own.
  knownOptions(options, [...Object.keys(OPTIONS), 'logLevel', 'logSerializers']);
  const prefix = pathOption('prefix', options.prefix ?? '');
  const base = `${app.prefix.replace(/\/+$/, '')}${prefix}`;
  if (/[:*]/.test(base)) {
    throw new InvalidOptionError('prefix', `must be the same for every request, not "${base}"`);
  }
  const isServedByApp = app.hasRoute({ method: 'GET', url: `${base}/*` });
  const proxies = proxyRules(options.proxy ?? {});
  const isProxied = proxies.some(({ path }) => path === '');
  const { headers, crossOriginIsolation, cors, allowedHosts, allowedOrigins } = options;
  const root = directoryOption('root', options.root);
  const serve = booleanOption('serve', options.serve ?? !(isServedByApp || isProxied));
  const mounts = mountsOf(options.mount ?? {});
  const cleanUrls = booleanOption('cleanUrls', options.cleanUrls ?? true);
  const spa = booleanOption('spa', options.spa ?? false);
  const list = booleanOption('list', options.list ?? true);
  const watching = watchSettings(options);
  const { dotfiles, sensitiveFiles, followSymlinks } = watching;
  const serving = { dotfiles, sensitiveFiles, followSymlinks, cleanUrls, list };
  // What a folder without an index shows is up to an app that makes its views itself.
  const rootPlace = { ...serving, root, base, spa, list: list && !spa };
  const mounted = mounts.map((each) => ({ root: each.root, base: `${base}${each.path}` }));
  return {
    root,
    prefix,
    base,
    serve,
    isServedByApp,
    mounts,
    rootPlace,
    places: [...mounted.map((place) => ({ ...serving, ...place })), ...(serve ? [rootPlace] : [])],
    cleanUrls,
    spa,
    responseHeaders: { headers, crossOriginIsolation, cors },
    proxies,
    watch: listOption('watch', options.watch ?? []).map((path) => directoryOption('watch', path)),
    watching,
    eventPath: eventPathOption(options.eventPath ?? '/events'),
    streamMethod: oneOf('streamMethod', options.streamMethod ?? 'both', STREAM_METHODS),
    streamLimits: streamLimits(options),
    allowedHosts,
    allowedOrigins,
    browserLog: booleanOption('browserLog', options.browserLog ?? false),
    webhook: options.webhook && recordOption('webhook', options.webhook),
  };
}

function eventPathOption(value: string): string {
  const path = pathOption('eventPath', value);
  if (path !== '') return path;
  throw new InvalidOptionError('eventPath', 'must not be the root of the site');
}

function mountsOf(mount: Readonly<Record<string, string>>): Mount[] {
  const mounts = Object.entries(recordOption('mount', mount)).map(([path, directory]) => {
    const parsed = pathOption('mount', path);
    if (parsed !== '') return { path: parsed, root: directoryOption('mount', directory) };
    throw new InvalidOptionError('mount', 'must name a path below the root: "/" is the root');
  });
  const paths = mounts.map(({ path }) => path);
  const twice = paths.find((path, index) => paths.lastIndexOf(path) > index);
  if (twice === undefined) return mounts;
  throw new InvalidOptionError('mount', `must name one directory for "${twice}", not two`);
}

function proxyRules(proxy: string | Readonly<Record<string, string>>): ProxyRule[] {
  const rules = typeof proxy === 'string' ? { '/': proxy } : recordOption('proxy', proxy);
  return Object.entries(rules).map(([path, url]) => ({
    path: pathOption('proxy', path),
    target: targetOption(url),
    // As in nginx: a path, be it a slash alone, takes the place of the rule's.
    rewrite: !/^\w+:\/\/[^/]*$/.test(url),
  }));
}

function targetOption(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.search + url.hash === '')
    return url;
  throw new InvalidOptionError(
    'proxy',
    `must be the URL of a server, such as "http://127.0.0.1:8000", not "${withoutCredentials(text)}"`,
  );
}

function withoutCredentials(url: string): string {
  return String(url).replace(/\/\/[^/]*@/, '//');
}
