import type { FastifyInstance } from 'fastify';
import type { Settings } from './dev-serve-settings.ts';
import { InvalidOptionError } from './errors.ts';

/** Below it, after the prefix, is what the dev server itself answers. */
export const OWN_PATH = '/@dev-serve';

/** The URL paths that one instance answers beside those of files. */
export interface OwnUrls {
  readonly client: string;
  readonly report: string;
  readonly status: string;
  /** What the status page shows, for pages of this server only. */
  readonly statusData: string;
  /** Undefined where there is no event stream. */
  readonly events: string | undefined;
  /** Undefined where there is no WebSocket. */
  readonly socket: string | undefined;
}

/** @throws InvalidOptionError when the events would take the place of a route. */
export function ownUrls(app: FastifyInstance, settings: Settings): OwnUrls {
  const { base, eventPath, streamMethod, mounts } = settings;
  const own = `${base}${OWN_PATH}`;
  const urls = {
    client: `${own}/client.js`,
    report: `${own}/report`,
    status: `${own}/`,
    statusData: `${own}/status.json`,
    events: streamMethod === 'websocket' ? undefined : `${base}${eventPath}`,
    socket: streamMethod === 'sse' ? undefined : `${base}${eventPath}/ws`,
  };
  for (const url of [urls.events, urls.socket]) {
    if (url === undefined) continue;
    const isTaken =
      url.startsWith(`${own}/`) ||
      app.hasRoute({ method: 'GET', url }) ||
      mounts.some(({ path }) => url === `${base}${path}`);
    if (!isTaken) continue;
    const reason = `leads to "${url}", a route already: choose another`;
    throw new InvalidOptionError('eventPath', reason);
  }
  return urls;
}
