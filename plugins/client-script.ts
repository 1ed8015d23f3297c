import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { FastifyInstance } from 'fastify';

export interface ClientScriptOptions {
  /** URL path below the scope. */
  readonly path: string;
  /** What the client has to know about this server; becomes JSON. */
  readonly settings: object;
  /** Whether the server is about to stop. */
  readonly isClosing: () => boolean;
}

/** Serves the client, the script of every page and of the SharedWorker that they have in common. */
export default async function clientScript(
  app: FastifyInstance,
  { path, settings, isClosing }: ClientScriptOptions,
): Promise<void> {
  let script: string | undefined;
  // For the worker that it becomes: a policy meant for the app's pages is none for it.
  app.addHook('onSend', async (_request, reply) => {
    reply.header('content-security-policy', "default-src 'none'; connect-src 'self'");
  });
  app.get(path, async ({ method }, reply) => {
    // So a client asks before a reload: it waits for the next server.
    if (isClosing() && method === 'HEAD') reply.code(503);
    // The first page is not to wait for it.
    script ??= `((devServe) => {${await readBundle()}})(${JSON.stringify(settings)});\n`;
    return reply
      .type('text/javascript; charset=utf-8')
      .header('cache-control', 'no-cache')
      .send(script);
  });
}

function readBundle(): Promise<string> {
  return readFile(createRequire(import.meta.url).resolve('#client'), 'utf8');
}
