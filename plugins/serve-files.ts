import { ReadStream } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import fp from 'fastify-plugin';
import { type Resolution, resolveFile } from './files/resolve.ts';
import { declaredCharset } from './html/charset.ts';

export interface ServeFilesOptions {
  /** The directory to serve. Nothing outside of it is ever served. */
  readonly root: string;
  /** Whether every path below the prefix is answered, or only what calls `reply.serveFile()`. */
  readonly everywhere: boolean;
}

declare module 'fastify' {
  interface FastifyReply {
    /** The file that the request's target names below the root, if there is one. */
    findFile(): Promise<Resolution>;
    /** Answers with what `findFile()` found. */
    serveFile(found: Resolution): Promise<FastifyReply>;
  }
}

const HTML = /\.html?$/i;
const CHARSET_BYTES = 1024;
/** The resolver has decided what may be served: of @fastify/static only the sending is used. */
const SEND_OPTIONS = { cacheControl: false, dotfiles: 'allow', index: false } as const;

/** Serves a directory below the prefix of the scope that registers it. */
async function plugin(app: FastifyInstance, options: ServeFilesOptions): Promise<void> {
  const { root } = options;
  if (!app.hasReplyDecorator('sendFile')) await app.register(fastifyStatic, { root, serve: false });

  app.decorateReply('findFile', function (this: FastifyReply) {
    return find(root, targetBelow(app.prefix, this.request.raw.url ?? ''));
  });
  app.decorateReply('serveFile', function (this: FastifyReply, found: Resolution) {
    return answer(this, root, found);
  });
  app.addHook('onSend', async (_request, reply, payload) => {
    if (payload instanceof ReadStream) breakOffWhenShort(payload, reply);
  });
  if (!options.everywhere) return;
  app.get('/*', async (_request, reply) => reply.serveFile(await reply.findFile()));
}

/** Looks a target up in the root as it is now: the root may go and come back. */
async function find(root: string, target: string | undefined): Promise<Resolution> {
  if (target === undefined) return { kind: 'missing' };
  const real = await realpath(root).catch(() => undefined);
  return real === undefined ? { kind: 'missing' } : resolveFile(real, target);
}

/** The part of a request target below `prefix`, undefined for a prefix that is spelled otherwise. */
function targetBelow(prefix: string, target: string): string | undefined {
  return target.startsWith(`${prefix}/`) ? target.slice(prefix.length) : undefined;
}

async function answer(reply: FastifyReply, root: string, found: Resolution): Promise<FastifyReply> {
  switch (found.kind) {
    case 'malformed':
      return reply.code(400).type('text/plain; charset=utf-8').send('Malformed URL\n');
    case 'missing':
      reply.callNotFound();
      return reply;
    case 'redirect':
      return reply.header('cache-control', 'no-store').redirect(found.location, 301);
    case 'file':
      // "no-cache": kept, but asked for again each time, so an edit is never hidden by a cache.
      reply.header('cache-control', 'no-cache');
      if (!HTML.test(found.relative)) return reply.sendFile(found.relative, root, SEND_OPTIONS);
      reply.type(await htmlType(found.path));
      return reply.sendFile(found.relative, root, { ...SEND_OPTIONS, contentType: false });
    default:
      return found satisfies never;
  }
}

/** A file cut down while it is sent ends before its announced length: the rest never comes. */
function breakOffWhenShort(file: ReadStream, reply: FastifyReply): void {
  const announced = Number(reply.getHeader('content-length'));
  file.once('end', () => {
    if (file.bytesRead < announced) reply.raw.destroy();
  });
}

/** A charset in the header overrides the page's own, so a page that names one keeps it. */
async function htmlType(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(CHARSET_BYTES), 0, CHARSET_BYTES, 0);
    return `text/html; charset=${declaredCharset(buffer.subarray(0, bytesRead)) ?? 'utf-8'}`;
  } finally {
    await file.close();
  }
}

const serveFiles = fp(plugin, { name: 'dev-serve-files', fastify: '5.x' });
export default serveFiles;
