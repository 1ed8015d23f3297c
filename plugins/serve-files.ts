import { ReadStream } from 'node:fs';
import { realpath } from 'node:fs/promises';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';
import { toUrlPath } from './files/change.ts';
import { findFallback } from './files/fallback.ts';
import { listDirectory } from './files/list-directory.ts';
import { readBeginning } from './files/read-beginning.ts';
import { type Resolution, type ResolveOptions, resolveFile } from './files/resolve.ts';
import { declaredCharset } from './html/charset.ts';
import { pageFiles } from './page-files.ts';
import { listingPage } from './pages/listing-page.ts';
import { malformedUrlPage } from './pages/messages.ts';
import { pageHeaders } from './pages/page-headers.ts';
import { wantsPage } from './pages/wants-page.ts';

export interface ServeFilesOptions {
  /** The directory to serve. Nothing outside of it is ever served. */
  readonly root: string;
  /** URL path of the directory, with no slash at its end. */
  readonly base: string;
  /** Whether `/guide` finds `guide.html`. */
  readonly cleanUrls: boolean;
  /** Whether a page that is not there is answered with the `index.html` of the root. */
  readonly spa: boolean;
  /** Whether a folder without an `index.html` is listed; with `spa` none is. */
  readonly list: boolean;
}

const HTML = /\.html?$/i;
const SCRIPT = /\.[cm]?js$/i;
const CHARSET_BYTES = 1024;
const CONDITION = /^(?:if-.+|range)$/;
/** The last is what @fastify/static says to a file that appears while it looks at its spelling. */
const UNREADABLE = new Set([
  ...['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES', 'EPERM', 'ELOOP'],
  'FST_STATIC_FORBIDDEN_PATH',
]);
/** Too many files are open: soon they are not. */
const EXHAUSTED = new Set(['EMFILE', 'ENFILE']);
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
  { root, base, cleanUrls, spa, list }: ServeFilesOptions,
): Promise<void> {
  const prefix = app.prefix.replace(/\/+$/, '');
  const originals = new WeakMap<FastifyRequest, string | undefined>();
  // What a folder without an index shows is up to an app that makes its views itself.
  const options = { cleanUrls, list: list && !spa };
  app.addHook('preHandler', async (request, reply) => {
    const target = request.raw.url ?? '';
    const found = await findFile(root, base, target, options);
    if (found.kind === 'directory') return sendList(request, reply, found);
    if (found.kind !== 'file' && found.kind !== 'missing') return refuse(request, reply, found);
    const file = found.kind === 'file' ? found : await findInstead(request, reply, target);
    if (file === undefined) return notFound(reply);
    pageFiles.set(request, toUrlPath(file.relative, base));
    // For @fastify/static, and for it alone, the request is one for exactly the file that was found.
    originals.set(request, request.raw.url);
    request.raw.url = prefix + toUrlPath(file.relative);
  });
  const findInstead = async (request: FastifyRequest, reply: FastifyReply, target: string) => {
    const real = await realpath(root).catch(() => undefined);
    if (real === undefined || !wantsPage(request.headers)) return;
    const fallback = await findFallback(real, target.slice(base.length), spa);
    if (fallback?.status === 404) {
      reply.code(404);
      // Conditions and ranges are about the page that was asked for.
      const conditions = Object.keys(request.raw.headers).filter((name) => CONDITION.test(name));
      for (const name of conditions) delete request.raw.headers[name];
    }
    return fallback?.file;
  };
  const sendList = async (
    request: FastifyRequest,
    reply: FastifyReply,
    { relative, segments }: Extract<Resolution, { kind: 'directory' }>,
  ): Promise<FastifyReply> => {
    const real = await realpath(root).catch(() => root);
    const listed = await listDirectory(real, relative);
    if (!listed) return notFound(reply);
    pageFiles.set(request, toUrlPath(relative === '' ? '' : `${relative}/`, base));
    const page = listingPage({ ...listed, path: [base === '' ? '/' : base, ...segments] });
    return reply.headers(pageHeaders).send(page);
  };
  const restoreUrl = (request: FastifyRequest): void => {
    request.raw.url = originals.get(request) ?? request.raw.url;
  };
  app.setErrorHandler<NodeJS.ErrnoException>((error, request, reply) => {
    restoreUrl(request);
    for (const name of FILE_HEADERS) reply.removeHeader(name);
    // Gone, or not ours to read, by the time it was opened.
    if (UNREADABLE.has(error.code ?? '')) return reply.callNotFound();
    if (error.syscall === undefined) throw error;
    request.log.error({ err: error }, 'reading a file failed');
    if (EXHAUSTED.has(error.code ?? '')) reply.code(503).header('retry-after', '1');
    // Its own text names a path of the disk.
    throw new Error(`The file cannot be read (${error.code})`);
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
  let sendFile: RouteHandlerMethod = (_request, reply) => reply.callNotFound();
  app.addHook('onRoute', ({ url, handler }) => {
    if (url.endsWith('/*')) sendFile = handler;
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
  // With Fastify's `ignoreTrailingSlash` it takes the requests with one as well.
  app.get('/', { prefixTrailingSlash: 'no-slash' }, sendFile);
}

/** Looks a request target up in the root as it is now: the root may go and come back. */
export async function findFile(
  root: string,
  base: string,
  target: string,
  options?: ResolveOptions,
): Promise<Resolution> {
  const [path] = target.split('?', 1);
  if (path === base && base !== '') {
    const folder = base.slice(base.lastIndexOf('/') + 1);
    return { kind: 'redirect', location: `./${folder}/${target.slice(base.length)}` };
  }
  const real = await realpath(root).catch(() => undefined);
  if (!target.startsWith(`${base}/`) || real === undefined) return { kind: 'missing' };
  return resolveFile(real, target.slice(base.length), options);
}

export function redirect(reply: FastifyReply, location: string): FastifyReply {
  return reply.header('cache-control', 'no-store').redirect(location, 301);
}

function notFound(reply: FastifyReply): FastifyReply {
  reply.callNotFound();
  return reply;
}

function refuse(
  request: FastifyRequest,
  reply: FastifyReply,
  found: Extract<Resolution, { kind: 'redirect' | 'malformed' }>,
): FastifyReply {
  if (found.kind === 'redirect') return redirect(reply, found.location);
  reply.code(400);
  if (wantsPage(request.headers)) return reply.headers(pageHeaders).send(malformedUrlPage);
  return reply.type('text/plain; charset=utf-8').send('Malformed URL\n');
}

function setHeaders(reply: FastifyReply, path: string): void {
  // "no-cache": kept, but asked for again each time, so an edit is never hidden by a cache.
  reply.header('cache-control', 'no-cache');
  // RFC 9239: "text/javascript" is the type of JavaScript, all others are obsolete.
  if (SCRIPT.test(path)) reply.header('content-type', 'text/javascript; charset=utf-8');
  if (!HTML.test(path)) return;
  // A charset in the header overrides the page's own, so a page that names one keeps it.
  const charset = declaredCharset(readBeginning(path, CHARSET_BYTES)) ?? 'utf-8';
  reply.header('content-type', `text/html; charset=${charset}`);
}

/** A file cut down while it is sent ends before its announced length: the rest never comes. */
function breakOffWhenShort(file: ReadStream, reply: FastifyReply): void {
  const announced = Number(reply.getHeader('content-length'));
  file.once('end', () => {
    if (file.bytesRead < announced) reply.raw.destroy();
  });
}
