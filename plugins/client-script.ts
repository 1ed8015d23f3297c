import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { FastifyInstance } from 'fastify';
import { judgeConditions } from './files/conditions.ts';

export interface ClientScriptOptions {
  /** URL path below the scope. */
  readonly path: string;
  /** What the client has to know about this server; becomes JSON. */
  readonly settings: object;
  /** Whether the server is about to stop. */
  readonly isClosing: () => boolean;
}

interface Client {
  readonly script: string;
  readonly etag: string;
}

/** Serves the client, the script of every page and of the SharedWorker that they have in common. */
export default async function clientScript(
  app: FastifyInstance,
  { path, settings, isClosing }: ClientScriptOptions,
): Promise<void> {
  let client: Client | undefined;
  // For the worker that it becomes: a policy meant for the app's pages is none for it.
  app.addHook('onSend', async (_request, reply) => {
    reply.header('content-security-policy', "default-src 'none'; connect-src 'self'");
  });
  app.get(path, async ({ method, headers }, reply) => {
    // So a client asks before a reload: it waits for the next server.
    if (isClosing() && method === 'HEAD') return reply.code(503).send();
    // The first page is not to wait for it.
    client ??= await readClient(settings);
    const { script, etag } = client;
    reply.headers({ 'cache-control': 'no-cache', etag });
    // Every page and its worker ask for it: they are to have it compiled already.
    if (judgeConditions(headers, { etag, modified: Number.NaN }) === 'unchanged') {
      return reply.code(304).send();
    }
    return reply.type('text/javascript; charset=utf-8').send(script);
  });
}

async function readClient(settings: object): Promise<Client> {
  const bundle = await readFile(createRequire(import.meta.url).resolve('#client'), 'utf8');
  const script = `((devServe) => {${bundle}})(${JSON.stringify(settings)});\n`;
  return { script, etag: `"${createHash('sha256').update(script).digest('base64url')}"` };
}
