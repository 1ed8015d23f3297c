import { closeSync, constants, openSync, ReadStream, readSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { toUrlPath } from './files/change.ts';
import { type Resolution, resolveFile } from './files/resolve.ts';
import { declaredCharset } from './html/charset.ts';

export interface ServeFilesOptions {
  /** The directory to serve. Nothing outside of it is ever served. */
  readonly root: string;
  /** URL path of the directory, with no slash at its end. */
  readonly base: string;
  /** Whether `/guide` finds `guide.html`. */
  readonly cleanUrls: boolean;
  /** Whether a page that is not there is answered with the `index.html` of the root. */
  readonly spa: boolean;
  /** Whether a folder without an `index.html` is listed. */
  readonly list: boolean;
  /** Called with the URL path of the file that answers a request, when it is about to be sent. */
  readonly onServed: (request: FastifyRequest, file: string) => void;
}

const HTML = /\.html?$/i;
const CHARSET_BYTES = 1024;
/** The last is what @fastify/static says to a file that appears while it looks at its spelling. */
const UNREADABLE = new Set([
  ...['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES', 'EPERM', 'ELOOP'],
  'FST_STATIC_FORBIDDEN_PATH',
]);
const FILE_HEADERS = [
  'cache-control',
  'content-type',
  'content-length',
  'etag',
  'last-modified',
  'accept-ranges',
];

/** Serves a directory below the prefix of its scope: the resolver decides, @fastify/static sends. */
export default async function serveFiles(
  app: FastifyInstance,
  { root, base, onServed }: ServeFilesOptions,
): Promise<void> {
  const originals = new WeakMap<FastifyRequest, string | undefined>();
  app.addHook('preHandler', async (request, reply) => {
    const found = await findFile(root, base, request.raw.url ?? '');
    if (found.kind !== 'file') return refuse(reply, found);
    onServed(request, toUrlPath(found.relative, base));
    // For @fastify/static, and for it alone, the request is one for exactly the file that was found.
    originals.set(request, request.raw.url);
    const [prefix = ''] = (request.routeOptions.url ?? '').split('*');
    request.raw.url = prefix + toUrlPath(found.relative).slice(1);
  });
  const restoreUrl = (request: FastifyRequest): void => {
    request.raw.url = originals.get(request) ?? request.raw.url;
  };
  app.setErrorHandler<NodeJS.ErrnoException>((error, request, reply) => {
    restoreUrl(request);
    // Gone, or not ours to read, by the time it was opened.
    if (!UNREADABLE.has(error.code ?? '')) throw error;
    for (const name of FILE_HEADERS) reply.removeHeader(name);
    reply.callNotFound();
  });
  app.addHook('onSend', async (request, reply, payload) => {
    restoreUrl(request);
    if (!(payload instanceof ReadStream)) return payload;
    // @fastify/send reads one byte of a file that was empty, and would send it if there is one by now.
    if (Number(reply.getHeader('content-length')) === 0) {
      payload.destroy();
      return '';
    }
    breakOffWhenShort(payload, reply);
    return payload;
  });
  await app.register(fastifyStatic, {
    root,
    decorateReply: false,
    cacheControl: false,
    index: false,
    setHeaders,
  });
  // A prefix that ends with a slash has no route without one.
  if (base === '' || app.prefix.endsWith('/') || app.hasRoute({ method: 'GET', url: base })) return;
  app.get('/', { prefixTrailingSlash: 'no-slash' }, (_request, reply) => reply.callNotFound());
}

/** Looks a request target up in the root as it is now: the root may go and come back. */
export async function findFile(root: string, base: string, target: string): Promise<Resolution> {
  const [path] = target.split('?', 1);
  if (path === base && base !== '') {
    const folder = base.slice(base.lastIndexOf('/') + 1);
    return { kind: 'redirect', location: `./${folder}/${target.slice(base.length)}` };
  }
  const real = await realpath(root).catch(() => undefined);
  if (!target.startsWith(`${base}/`) || real === undefined) return { kind: 'missing' };
  return resolveFile(real, target.slice(base.length));
}

export function redirect(reply: FastifyReply, location: string): FastifyReply {
  return reply.header('cache-control', 'no-store').redirect(location, 301);
}

function refuse(reply: FastifyReply, found: Exclude<Resolution, { kind: 'file' }>): FastifyReply {
  if (found.kind === 'redirect') return redirect(reply, found.location);
  if (found.kind === 'missing') reply.callNotFound();
  else reply.code(400).type('text/plain; charset=utf-8').send('Malformed URL\n');
  return reply;
}

function setHeaders(reply: FastifyReply, path: string): void {
  // "no-cache": kept, but asked for again each time, so an edit is never hidden by a cache.
  reply.header('cache-control', 'no-cache');
  if (HTML.test(path)) reply.header('content-type', `text/html; charset=${charsetOf(path)}`);
}

/** A charset in the header overrides the page's own, so a page that names one keeps it. */
function charsetOf(path: string): string {
  const bytes = Buffer.alloc(CHARSET_BYTES);
  try {
    // Not blocking, even if a FIFO has taken the place of the file.
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const length = readSync(file, bytes, 0, CHARSET_BYTES, 0);
      return declaredCharset(bytes.subarray(0, length)) ?? 'utf-8';
    } finally {
      closeSync(file);
    }
  } catch {
    // Gone by now: whoever sends it will say so.
    return 'utf-8';
  }
}

/** A file cut down while it is sent ends before its announced length: the rest never comes. */
function breakOffWhenShort(file: ReadStream, reply: FastifyReply): void {
  const announced = Number(reply.getHeader('content-length'));
  file.once('end', () => {
    if (file.bytesRead < announced) reply.raw.destroy();
  });
}
