import type { StreamMethod } from '../../plugins/dev-serve-options.ts';
import type { Operation } from '../../plugins/files/change.ts';
import type { WebhookOptions } from '../../plugins/webhook.ts';

type Texts = readonly string[];
type TextByName = Readonly<Record<string, string>>;

/** What only a config file sets: the list of flags is to fit a screen. */
export interface LimitValues {
  maxStreams: number;
  heartbeatInterval: number;
  stallTimeout: number;
  maxPayload: number;
  maxConnections: number;
  maxHeaderSize: number;
  maxTargetLength: number;
  headersTimeout: number;
  requestTimeout: number;
}

/** All that can be set, by the name of its option; a dot leads into an option's object. */
export interface Values extends LimitValues {
  root: string;
  port: number;
  strictPort: boolean;
  host: string;
  cleanUrls: boolean;
  spa: boolean;
  list: boolean;
  dotfiles: boolean;
  sensitiveFiles: boolean;
  followSymlinks: boolean;
  mount: TextByName;
  headers: TextByName;
  crossOriginIsolation: boolean;
  cors: boolean | Texts;
  watch: Texts;
  ignore: Texts;
  include: Texts;
  exclude: Texts;
  gitignore: boolean;
  events: readonly Operation[];
  ignoreEvents: readonly Operation[];
  poll: boolean | number;
  eventPath: string;
  streamMethod: StreamMethod;
  allowedHosts: Texts | true;
  allowedOrigins: Texts;
  proxy: string | TextByName;
  https: boolean;
  'https.cert': string;
  'https.key': string;
  open: boolean | string;
  quiet: boolean;
  json: boolean;
  verbose: boolean;
  browserLog: boolean;
  'webhook.url': string;
  'webhook.method': NonNullable<WebhookOptions['method']>;
  'webhook.headers': TextByName;
  'webhook.timeout': number;
  'webhook.retries': number;
  'webhook.debounce': number;
}

export type Name = keyof Values;

/** What one source says; a name that is absent or undefined is left to the next one. */
export type PartialValues = { [K in Name]?: Values[K] | undefined };
