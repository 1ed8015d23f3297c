import type { DevServerOptions } from '../create-dev-server.ts';
import type { Settings } from './settings.ts';

type Webhook = DevServerOptions['webhook'];

/**
 * The options of `createDevServer()` that the settings stand for; callbacks come from elsewhere.
 *
 * @throws Error in one line for what only makes sense together.
 */
export function serverOptions({ values }: Settings): DevServerOptions {
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
  } = values;
  return {
    ...options,
    root,
    https: certificate(cert, key) ?? https,
    webhook: webhook({ url, method, headers, timeout, retries, debounce }),
  };
}

function certificate(cert: string | undefined, key: string | undefined) {
  if (cert !== undefined && key !== undefined) return { cert, key };
  if (cert !== undefined) throw new Error('--cert needs --key: name the private key as well');
  if (key !== undefined) throw new Error('--key needs --cert: name the certificate as well');
  return undefined;
}

function webhook({
  url,
  ...others
}: { readonly url: string | undefined } & Omit<NonNullable<Webhook>, 'url'>): Webhook {
  if (url !== undefined) return { url, ...others };
  const [first] = Object.entries(others).filter(([, value]) => value !== undefined);
  if (first === undefined) return undefined;
  throw new Error(`a webhook with a ${first[0]} needs a URL: add --webhook-url`);
}
