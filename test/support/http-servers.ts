import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createHttp2Server, createSecureServer } from 'node:http2';
import type { AddressInfo, Server as NetServer } from 'node:net';
import express from 'express';
import Koa from 'koa';
import { onTestFinished } from 'vitest';
import type { HttpRequest, HttpResponse } from '../../plugins/http.ts';
import { certificate } from './certificate.ts';
import { type Visit, visit, visitOverHttp2 } from './event-request.ts';

export type Handler = (request: HttpRequest, response: HttpResponse) => unknown;

/** One kind of server that event streams work on, and how a client gets at it. */
export interface ServerKind {
  readonly name: string;
  readonly scheme: 'http' | 'https';
  readonly create: (handler: Handler) => NetServer;
  readonly visit: Visit;
}

export const nodeHttp: ServerKind = {
  name: 'node:http',
  scheme: 'http',
  create: (handler) => createServer(handler),
  visit,
};

export const serverKinds: readonly ServerKind[] = [
  nodeHttp,
  { name: 'Express', scheme: 'http', create: expressServer, visit },
  { name: 'Koa', scheme: 'http', create: koaServer, visit },
  {
    name: 'node:http2 without TLS',
    scheme: 'http',
    create: (handler) => createHttp2Server(handler),
    visit: visitOverHttp2,
  },
  {
    name: 'node:http2 with TLS',
    scheme: 'https',
    create: (handler) => createSecureServer(certificate, handler),
    visit: visitOverHttp2,
  },
];

/** A server on a free port of the loopback interface until the test ends; resolves to its origin. */
export async function serve({ create, scheme }: ServerKind, handler: Handler): Promise<string> {
  return `${scheme}://127.0.0.1:${await listen(create(handler))}`;
}

export async function listen(server: NetServer): Promise<number> {
  onTestFinished(() => void server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('not on a port');
  return address.port;
}

function expressServer(handler: Handler): Server {
  const app = express();
  app.all('/{*path}', (request, response) => void handler(request, response));
  return createServer(app);
}

function koaServer(handler: Handler): Server {
  const app = new Koa();
  app.silent = true;
  app.use((context) => {
    handler(context.req, context.res);
    // As documented: from here on the response is none of Koa's business.
    context.respond = false;
  });
  return createServer(app.callback());
}
