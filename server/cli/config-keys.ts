import type { Config } from '../config.ts';
import { nearest } from './nearest.ts';

const KEYS: Record<keyof Config, true> = {
  root: true,
  port: true,
  strictPort: true,
  host: true,
  cleanUrls: true,
  spa: true,
  list: true,
  dotfiles: true,
  sensitiveFiles: true,
  followSymlinks: true,
  mount: true,
  headers: true,
  crossOriginIsolation: true,
  cors: true,
  watch: true,
  ignore: true,
  include: true,
  exclude: true,
  gitignore: true,
  events: true,
  ignoreEvents: true,
  poll: true,
  eventPath: true,
  streamMethod: true,
  maxStreams: true,
  heartbeatInterval: true,
  stallTimeout: true,
  maxPayload: true,
  maxConnections: true,
  maxHeaderSize: true,
  maxTargetLength: true,
  headersTimeout: true,
  requestTimeout: true,
  allowedHosts: true,
  allowedOrigins: true,
  proxy: true,
  https: true,
  open: true,
  quiet: true,
  json: true,
  verbose: true,
  browserLog: true,
  webhook: true,
  onChange: true,
  onOutcome: true,
  onNotice: true,
  onIgnored: true,
  logger: true,
};
const INNER_KEYS: Readonly<Record<string, readonly string[]>> = {
  https: ['cert', 'key'],
  webhook: ['url', 'method', 'headers', 'timeout', 'retries', 'debounce'],
};

/** What is wrong with the names in a config file. */
export function unknownKey(config: object): string | undefined {
  const known = Object.keys(KEYS);
  for (const [key, value] of Object.entries(config)) {
    if (!known.includes(key)) return complaint(key, known);
    const inner = INNER_KEYS[key];
    if (inner === undefined || typeof value !== 'object' || value === null) continue;
    const unknown = Object.keys(value).find((name) => !inner.includes(name));
    if (unknown !== undefined)
      return complaint(
        `${key}.${unknown}`,
        inner.map((name) => `${key}.${name}`),
      );
  }
  return undefined;
}

function complaint(key: string, known: readonly string[]): string {
  const guess = nearest(key, known);
  return `unknown key "${key}"${guess === undefined ? '' : ` (did you mean "${guess}"?)`}`;
}
