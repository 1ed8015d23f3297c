import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';

/** Where and how changes are told to another server. */
export interface WebhookOptions {
  readonly url: string;
  /** @default 'POST' */
  readonly method?: 'POST' | 'PUT' | 'PATCH' | undefined;
  /** @default {} */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Milliseconds for one attempt. @default 5000 */
  readonly timeout?: number | undefined;
  /** Attempts after the first. @default 3 */
  readonly retries?: number | undefined;
  /** Milliseconds without a further change of the same file before it is told. @default 0 */
  readonly debounce?: number | undefined;
}

export interface WebhookPluginOptions extends WebhookOptions {
  /** Hands in the listener of changes. */
  readonly subscribe: (listener: (event: object) => void) => void;
}

async function webhook(_app: FastifyInstance, _options: WebhookPluginOptions): Promise<void> {}

export default fp(webhook, { fastify: '5.x', name: 'dev-serve-webhook' });
