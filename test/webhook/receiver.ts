import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import Fastify from 'fastify';
import { onTestFinished } from 'vitest';
import webhookPlugin, { type WebhookOptions } from '../../plugins/webhook.ts';
import { listen } from '../support/http-servers.ts';

export interface Delivery {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

type Answer = (response: ServerResponse, count: number) => void;

/** A server that is told of changes, and what it got so far. */
export class Receiver {
  readonly deliveries: Delivery[] = [];
  readonly url: string;

  private constructor(port: number) {
    this.url = `http://127.0.0.1:${port}/hook`;
  }

  /** @param answer - called with the number of the delivery, from 1 on */
  static async start(answer: Answer = (response) => response.end()): Promise<Receiver> {
    const server = createServer(async (request, response) => {
      const { method, url, headers } = request;
      const body: unknown = JSON.parse((await text(request)) || 'null');
      answer(response, receiver.deliveries.push({ method, url, headers, body }));
    });
    const receiver = new Receiver(await listen(server));
    onTestFinished(() => server.closeAllConnections());
    return receiver;
  }

  get paths(): unknown[] {
    return this.deliveries.map(({ body }) => Object(body).path);
  }
}

/** An app with a webhook: how it is told of changes, and what it has logged. */
export async function appWithWebhook(options: WebhookOptions) {
  const warnings: string[] = [];
  const app: FastifyInstance = Fastify({ loggerInstance: recording(warnings) });
  onTestFinished(() => app.close());
  let tell: (event: { path: string; from?: string }) => void = () => {};
  await app.register(webhookPlugin, { ...options, subscribe: (listener) => (tell = listener) });
  const change = (path: string, more: object = {}) =>
    tell({ ...{ type: 'event', timestamp: 1, path, operation: 'write' }, ...more });
  return { app, change, warnings };
}

function recording(warnings: string[]): FastifyBaseLogger {
  const ignore = () => {};
  const logger: FastifyBaseLogger = {
    level: 'warn',
    warn: (...texts: unknown[]) => void warnings.push(texts.join(' ')),
    fatal: ignore,
    error: ignore,
    info: ignore,
    debug: ignore,
    trace: ignore,
    silent: ignore,
    child: () => logger,
  };
  return logger;
}
