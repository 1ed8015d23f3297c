import { InvalidOptionError } from '../../plugins/errors.ts';
import type { DevServerOptions } from '../create-dev-server.ts';
import type { Settings } from './settings.ts';
import { spelling } from './spelling.ts';
import type { Name } from './values.ts';

/** What says nothing of its own without the other. */
const PAIRS: readonly (readonly [Name, Name])[] = [
  ['https.cert', 'https.key'],
  ['https.key', 'https.cert'],
  ['webhook.method', 'webhook.url'],
  ['webhook.headers', 'webhook.url'],
  ['webhook.timeout', 'webhook.url'],
  ['webhook.retries', 'webhook.url'],
  ['webhook.debounce', 'webhook.url'],
];

/**
 * The options of `createDevServer()` that the settings stand for; callbacks come from elsewhere.
 *
 * @throws Error in one line for what only makes sense together.
 */
export function serverOptions(settings: Settings): DevServerOptions {
  const {
    root = '.',
    https,
    'https.cert': cert,
    'https.key': key,
    'webhook.url': url,
    'webhook.method': method,
    'webhook.headers': headers,
    'webhook.timeout': timeout,
    'webhook.retries': retries,
    'webhook.debounce': debounce,
    open: _open,
    quiet: _quiet,
    json: _json,
    verbose: _verbose,
    ...options
  } = settings.values;
  for (const [name, other] of PAIRS) requireOther(settings, name, other);
  return {
    ...options,
    root,
    https: cert !== undefined && key !== undefined ? { cert, key } : https,
    webhook: url === undefined ? undefined : { url, method, headers, timeout, retries, debounce },
  };
}

function requireOther(settings: Settings, name: Name, other: Name): void {
  const { values, sources } = settings;
  if (values[name] === undefined || values[other] !== undefined) return;
  if (sources[name] === 'file') throw new InvalidOptionError(name, `needs "${other}" as well`);
  const told = { sources: { ...sources, [other]: sources[name] } };
  throw new Error(`${spelling(name, told)} needs ${spelling(other, told)}: add it`);
}
