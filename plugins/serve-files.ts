import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from 'fastify';
import { TooManyFilesError } from './errors.ts';
import { hasLeft } from './events/leaving.ts';
import { toUrlPath } from './files/change.ts';
import { findFallback } from './files/fallback.ts';
import { doubtRoot, findFile, type Place, realPathOf } from './files/find-file.ts';
import { listDirectory } from './files/list-directory.ts';
import { openFile } from './files/open-file.ts';
import type { Resolution } from './files/resolve.ts';
import { SharedTasks } from './files/shared-tasks.ts';
import { pageFiles } from './page-files.ts';
import { listingPage } from './pages/listing-page.ts';
import { malformedUrlPage } from './pages/messages.ts';
import { pageHeaders } from './pages/page-headers.ts';
import { wantsPage } from './pages/wants-page.ts';
import { sendFile } from './send-file.ts';
import { sendHook } from './sync-hooks.ts';

/** What it serves beyond what everyone may see is in the rules of access. */
export interface ServeFilesOptions extends Place {
  /** Whether a page that is not there is answered with the `index.html` of the root. @default false */
  readonly spa?: boolean;
}

/** A file that changes places between the look and the opening is looked for again so often. */
const ATTEMPTS = 5;
/** Folders that are listed at one time: each takes four looks at the disk for each of its entries. */
const LISTS = 2;
const FILE_HEADERS = [
  ...['cache-control', 'content-type', 'content-length', 'content-range'],
  ...['etag', 'last-modified', 'accept-ranges'],
];
/** As @fastify/swagger reads it: no route of the app's interface. */
const schema: FastifySchema & { hide: boolean } = { hide: true };

/** What is served for a request: `status` is 404 for a page in place of a missing one. */
type Found = Resolution & { readonly status?: 200 | 404 };

/** Serves a directory below the prefix of its scope: the resolver decides what each request sees. */
export default async function serveFiles(
  app: FastifyInstance,
  place: ServeFilesOptions,
): Promise<void> {
  const { root, base, spa = false, ...options } = place;
  const lists = new SharedTasks<Buffer | undefined>(LISTS);

  const find = async (request: FastifyRequest, isGone: () => boolean): Promise<Found> => {
    const target = request.raw.url ?? '';
    const found = await findFile(place, target);
    if (found.kind !== 'missing' || !wantsPage(request.headers)) return found;
    const real = await realPathOf(root);
    const below = target.slice(base.length);
    const fallback =
      real === undefined ? undefined : await findFallback(real, below, spa, options, isGone);
    return fallback ? { ...fallback.file, status: fallback.status } : found;
  };

  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const isGone = () => hasLeft(request.raw, reply.raw);
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const found = await find(request, isGone);
      if (found.kind === 'directory') return sendList(request, reply, found, isGone);
      if (found.kind === 'missing') return missing(reply);
      if (found.kind !== 'file') return refuse(request, reply, found);
      const file = await openFile(found.path);
      if (file === 'forbidden') return missing(reply);
      if (file === 'moved') {
        doubtRoot(root);
        continue;
      }
      pageFiles.set(request, toUrlPath(found.relative, base));
      const isReplacement = found.status === 404;
      if (isReplacement) reply.code(404);
      return sendFile(reply, file, found.relative, isReplacement);
    }
    request.log.warn(`${request.url} was another file each time it was opened`);
    return missing(reply);
  };

  const sendList = async (
    request: FastifyRequest,
    reply: FastifyReply,
    { relative, segments }: Extract<Resolution, { kind: 'directory' }>,
    isGone: () => boolean,
  ): Promise<FastifyReply> => {
    const real = (await realPathOf(root)) ?? root;
    const key = JSON.stringify([real, relative, segments]);
    const page = await lists.run(key, isGone, async (isUnwanted) => {
      const listed = await listDirectory(real, relative, options, { isUnwanted });
      if (!listed) return;
      const path = [base === '' ? '/' : base, ...segments];
      // Bytes: as a string, one of megabytes would be encoded for each of those who share it.
      return Buffer.from(listingPage({ ...listed, path }));
    });
    if (page === undefined) return missing(reply);
    pageFiles.set(request, toUrlPath(relative === '' ? '' : `${relative}/`, base));
    return reply.headers(pageHeaders).send(page);
  };

  // When all is known of the content. Node's HTTP/2 has an error for bytes that HEAD does not send.
  const leaveOutContent = sendHook(({ method }, reply, payload) => {
    if (method !== 'HEAD' || !(Buffer.isBuffer(payload) || typeof payload === 'string')) {
      return payload;
    }
    reply.header('content-length', String(Buffer.byteLength(payload)));
    return null;
  });
  app.addHook('onSend', leaveOutContent);
  app.addHook('onError', async (request, reply, error) => {
    if (error instanceof TooManyFilesError) reply.header('retry-after', '1');
    // They are of the file that was found, no more of the answer; before that they are the app's.
    if (pageFiles.has(request)) for (const name of FILE_HEADERS) reply.removeHeader(name);
  });
  const route = { method: ['GET', 'HEAD'], schema, handler: answer };
  app.route({ ...route, url: '/*' });
  // A prefix that ends with a slash has no route without one.
  if (base === '' || app.prefix.endsWith('/') || app.hasRoute({ method: 'GET', url: base })) return;
  // With Fastify's `ignoreTrailingSlash` it takes the requests with one as well.
  app.route({ ...route, url: '/', prefixTrailingSlash: 'no-slash' });
}

export function redirect(reply: FastifyReply, location: string): FastifyReply {
  return reply.header('cache-control', 'no-store').redirect(location, 301);
}

function missing(reply: FastifyReply): FastifyReply {
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
