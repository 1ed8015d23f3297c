import { dirname, resolve } from 'node:path';
import type { ConfigFile } from './config-file.ts';
import type { PartialValues } from './values.ts';

/** What a config file says, as flags would say it; relative paths in it begin at its directory. */
export function configValues({ path, config }: ConfigFile): PartialValues {
  // What is no path is left for createDevServer() to refuse.
  const from = (file: string) => (typeof file === 'string' ? resolve(dirname(path), file) : file);
  const { root, mount, watch, https, webhook, onChange, onOutcome, onNotice, logger, ...others } =
    config;
  const files = typeof https === 'object' ? https : undefined;
  return {
    ...others,
    root: root && from(root),
    mount: typeof mount === 'object' ? mapValues(mount, from) : mount,
    watch: Array.isArray(watch) ? watch.map(from) : watch,
    https: typeof https === 'object' ? undefined : https,
    'https.cert': files && from(files.cert),
    'https.key': files && from(files.key),
    'webhook.url': webhook?.url,
    'webhook.method': webhook?.method,
    'webhook.headers': webhook?.headers,
    'webhook.timeout': webhook?.timeout,
    'webhook.retries': webhook?.retries,
    'webhook.debounce': webhook?.debounce,
  };
}

function mapValues(
  object: Readonly<Record<string, string>>,
  change: (value: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}
