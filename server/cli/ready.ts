import type { NetworkInterfaceInfo } from 'node:os';
import { resolve } from 'node:path';
import { networkUrls } from './addresses.ts';
import type { Ready } from './desk-event.ts';
import type { Setup } from './setup.ts';
import { withoutUserinfo } from './userinfo.ts';
import { securityWarnings } from './warnings.ts';

export interface Start {
  readonly version: string;
  readonly url: string;
  /** Milliseconds from the start of the process. */
  readonly startTime: number;
  readonly interfaces: Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;
}

/** What there is to tell once the server listens. */
export function readyEvent(setup: Setup, { version, url, startTime, interfaces }: Start): Ready {
  const { settings, addedHosts } = setup;
  const { root = '.', port = 3000, host = 'localhost', mount = {}, proxy = {} } = settings.values;
  const { eventPath = '/events', streamMethod } = settings.values;
  const proxies = typeof proxy === 'string' ? { '/': proxy } : proxy;
  const isTaken = port !== 0 && port !== portOf(url);
  return {
    type: 'ready',
    version,
    url,
    networkUrls: networkUrls(url, host, interfaces),
    root: resolve(root),
    isServed: !('/' in proxies),
    eventsUrl:
      streamMethod === 'websocket'
        ? new URL(`${eventPath}/ws`, url.replace('http', 'ws')).href
        : new URL(eventPath, url).href,
    mounts: mount,
    proxies: Object.fromEntries(
      Object.entries(proxies).map(([path, target]) => [path, withoutUserinfo(target)]),
    ),
    ...(isTaken ? { takenPort: port } : {}),
    startTime,
    warnings: [...securityWarnings(settings, addedHosts), ...setup.warnings],
  };
}

/** A URL leaves out the port that its scheme has by default. */
function portOf(url: string): number {
  const { port, protocol } = new URL(url);
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}
