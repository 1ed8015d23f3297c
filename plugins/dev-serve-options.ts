import type { Operation } from './files/change.ts';
import type { FileEvent } from './files/file-events.ts';
import type { HostGuardOptions } from './host-guard.ts';
import type { ResponseHeadersOptions } from './response-headers.ts';
import type { StreamLimitOptions } from './stream-limits.ts';
import type { Notice } from './tabs/notice.ts';
import type { ChangeOutcome } from './tabs/outcomes.ts';
import type { WebhookOptions } from './webhook.ts';

export const STREAM_METHODS = ['sse', 'websocket', 'both'] as const;

/** How file events reach clients; `both` keeps WebSocket for where event streams do not pass. */
export type StreamMethod = (typeof STREAM_METHODS)[number];

export interface DevServeOptions extends StreamLimitOptions {
  /** The directory to serve and to watch. */
  readonly root: string;
  /** Path below which the files, the events and the client are found. @default '' */
  readonly prefix?: string | undefined;
  /**
   * Whether to serve the files of `root`.
   * @default true, unless the app already has a route `GET <prefix>/*`, e.g. of @fastify/static, or
   * `proxy` takes all paths
   */
  readonly serve?: boolean | undefined;
  /** More directories to serve and to watch, by URL path: `{ '/lib': '../node_modules/lit' }`. @default {} */
  readonly mount?: Readonly<Record<string, string>> | undefined;
  /** Whether `/guide` finds `guide.html`. @default true */
  readonly cleanUrls?: boolean | undefined;
  /** Whether a page that is not there is answered with the `index.html` of the root. @default false */
  readonly spa?: boolean | undefined;
  /** Whether a folder without an `index.html` is listed. @default true */
  readonly list?: boolean | undefined;
  /** Whether files whose names start with a dot are served and watched. @default false */
  readonly dotfiles?: boolean | undefined;
  /** Whether keys, certificates and files such as `.env` are, too. @default false */
  readonly sensitiveFiles?: boolean | undefined;
  /** Whether links that lead out of the root are followed. @default false */
  readonly followSymlinks?: boolean | undefined;
  /** Headers for every response, by name. @default {} */
  readonly headers?: ResponseHeadersOptions['headers'];
  /** Whether pages are cross-origin isolated, as for `SharedArrayBuffer`. @default false */
  readonly crossOriginIsolation?: ResponseHeadersOptions['crossOriginIsolation'];
  /** See {@link ResponseHeadersOptions}. @default false */
  readonly cors?: ResponseHeadersOptions['cors'];
  /**
   * Servers to pass requests on to: the URL of one for all paths, or URLs by path, such as
   * `{ '/api': 'http://127.0.0.1:8000' }`. @default {}
   */
  readonly proxy?: string | Readonly<Record<string, string>> | undefined;
  /** More directories to watch, e.g. of templates; their changes always reload. @default [] */
  readonly watch?: readonly string[] | undefined;
  /** Globs of what is not watched, beside the default ones. @default [] */
  readonly ignore?: readonly string[] | undefined;
  /** Whether files that `.gitignore` names are left unwatched. @default true */
  readonly gitignore?: boolean | undefined;
  /** Globs of the files whose changes are announced. @default all files */
  readonly include?: readonly string[] | undefined;
  /** Globs of the files whose changes are not announced. @default [] */
  readonly exclude?: readonly string[] | undefined;
  /** Operations that are announced. @default all operations */
  readonly events?: readonly Operation[] | undefined;
  /** Operations that are not announced. @default [] */
  readonly ignoreEvents?: readonly Operation[] | undefined;
  /** Whether to look for changes every 100 milliseconds, or every so many. @default false */
  readonly poll?: boolean | number | undefined;
  /** Path of the event stream; the WebSocket is at `<eventPath>/ws`. @default '/events' */
  readonly eventPath?: string | undefined;
  /** @default 'both' */
  readonly streamMethod?: StreamMethod | undefined;
  /** See {@link HostGuardOptions}. @default [] */
  readonly allowedHosts?: HostGuardOptions['allowedHosts'];
  /** See {@link HostGuardOptions}. @default [] */
  readonly allowedOrigins?: HostGuardOptions['allowedOrigins'];
  /** Whether script errors and failed requests of pages become notices. @default false */
  readonly browserLog?: boolean | undefined;
  /** A URL that is told of each change. @default none */
  readonly webhook?: WebhookOptions | undefined;
  /** Called for each change, once it has been published. */
  readonly onChange?: ((event: FileEvent) => void) | undefined;
  /** Called for each change when the open tabs have told what they did. */
  readonly onOutcome?: ((outcome: ChangeOutcome<FileEvent>) => void) | undefined;
  /** Called with what the developer should know, e.g. of a page that cannot reload. @default logs it */
  readonly onNotice?: ((notice: Notice) => void) | undefined;
  /** Called once for each path that is not watched, below its root, with the reason. */
  readonly onIgnored?: ((path: string, reason: string) => void) | undefined;
  /** @default process.env.NODE_ENV !== 'production' */
  readonly enabled?: boolean | undefined;
}
