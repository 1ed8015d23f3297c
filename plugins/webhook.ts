import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { parseHeaders } from './hosts/custom-headers.ts';
import { functionOption, integerOption, intervalOption, knownOptions, oneOf } from './options.ts';
import { Outbox, type OutboxSettings } from './webhook/outbox.ts';
import type { PathEvent } from './webhook/pending.ts';
import { parseTarget } from './webhook/target.ts';

/** Where and how changes are told to another server. */
export interface WebhookOptions {
  /** An http or https URL; a name and a password in it become an Authorization header. */
  readonly url: string;
  /** @default 'POST' */
  readonly method?: 'POST' | 'PUT' | 'PATCH' | undefined;
  /** Beside `content-type: application/json`. @default {} */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Milliseconds for one attempt. @default 5000 */
  readonly timeout?: number | undefined;
  /** Attempts after the first, 1, 2, 3 and more seconds later. @default 3 */
  readonly retries?: number | undefined;
  /** Milliseconds without a further change of the same file before it is told. @default 0 */
  readonly debounce?: number | undefined;
}

export interface WebhookPluginOptions extends WebhookOptions {
  /** Hands in the listener of changes. */
  readonly subscribe: (listener: (event: PathEvent) => void) => void;
  /** Called with one line when deliveries begin to fail. @default logs it */
  readonly onFailure?: ((text: string) => void) | undefined;
}

/** Milliseconds for what is left when the app closes. */
const GRACE = 2000;
const OPTIONS = [
  ...['url', 'method', 'headers', 'timeout', 'retries', 'debounce'],
  ...['subscribe', 'onFailure'],
];

/**
 * Tells a server of each change, with the event as JSON.
 *
 * @throws InvalidOptionError for what cannot be meant
 */
async function webhook(app: FastifyInstance, options: WebhookPluginOptions): Promise<void> {
  const outbox = new Outbox(settingsOf(app, options));
  functionOption('subscribe', options.subscribe)((event) => outbox.add(event));
  app.addHook('onClose', () => outbox.close(GRACE));
}

function settingsOf(app: FastifyInstance, options: WebhookPluginOptions): OutboxSettings {
  knownOptions(options, OPTIONS);
  const { url, method = 'POST', headers = {}, timeout = 5000, retries = 3, debounce = 0 } = options;
  const onFailure = options.onFailure ?? ((text) => app.log.warn(text));
  return {
    target: parseTarget(url),
    method: oneOf('webhook.method', method, ['POST', 'PUT', 'PATCH']),
    headers: parseHeaders(headers, 'webhook.headers'),
    timeout: intervalOption('webhook.timeout', timeout, 1),
    retries: integerOption('webhook.retries', retries, 0),
    debounce: intervalOption('webhook.debounce', debounce, 0),
    onFailure: functionOption('webhook.onFailure', onFailure),
  };
}

export default fp(webhook, { fastify: '5.x', name: 'dev-serve-webhook' });
