import { pipeline, Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { InvalidOptionError } from './errors.ts';
import { encodingOfContentType } from './html/code-units.ts';
import {
  type Decision,
  decideByRequest,
  isInjectableResponse,
  mayBeDocument,
  type ResponseFacts,
  withVary,
} from './html/decision.ts';
import type { InsertOptions, Snippet } from './html/head-insertion.ts';
import { HeadInserter, insertIntoHead } from './html/insert-into-head.ts';
import { nonceOfPolicy } from './html/policy.ts';

/** Options of the plugin that puts a tag into the HTML pages of its scope. */
export interface InjectHtmlOptions {
  /**
   * Called for each request that may load a page, before anything of the page is read.
   *
   * @returns a function that writes the tag, in ASCII, with the nonce of the page if it has one
   */
  snippet: (request: FastifyRequest) => Snippet;
}

interface Injection {
  decision: Decision;
  snippet: Snippet;
}

const REQUEST_CONDITIONS = [
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
  'if-range',
  'range',
];
/** What the decision to inject is made by: a cache must not give one answer for the other. */
const VARIES_BY = ['Accept', 'Sec-Fetch-Dest', 'Sec-Fetch-Mode'];
const HEADERS_OF_ORIGINAL = [
  'etag',
  'last-modified',
  'accept-ranges',
  'content-length',
  'content-md5',
  'digest',
  'content-digest',
  'repr-digest',
];

const plugin: FastifyPluginAsync<InjectHtmlOptions> = async (app, options) => {
  const { snippet } = options;
  if (typeof snippet !== 'function') {
    throw new InvalidOptionError('snippet', 'must be a function that takes the request');
  }
  const injections = new WeakMap<FastifyRequest, Injection>();

  app.addHook('onRequest', async (request) => {
    const { headers } = request.raw;
    const decision = decideByRequest(request.method, headers);
    if (decision === 'none') return;
    injections.set(request, { decision, snippet: snippet(request) });
    if (!mayBeDocument(decision, headers, request.url)) return;
    // A 304 for the file on disk keeps a page with an old stamp in the browser for ever.
    for (const name of REQUEST_CONDITIONS) delete headers[name];
  });

  // Hooks of a scope run before those of its routes, where @fastify/compress puts its own: a page
  // is injected first and compressed then, in whichever order the two are registered.
  app.addHook('onSend', async (request, reply, payload) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (!isRead || !isInjectableResponse(factsOf(reply))) return payload;
    reply.header('vary', withVary(headerOf(reply, 'vary'), VARIES_BY));
    const injection = injections.get(request);
    return injection === undefined ? payload : inject(request, reply, payload, injection);
  });
};

function inject(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  injection: Injection,
): unknown {
  if (payload instanceof ReadableStream) {
    return inject(request, reply, Readable.fromWeb(payload), injection);
  }
  const { decision, snippet } = injection;
  const options: InsertOptions = {
    nonce: nonceOfPolicy(headerOf(reply, 'content-security-policy') ?? ''),
    documentsOnly: decision === 'documents',
    encoding: encodingOfContentType(headerOf(reply, 'content-type') ?? ''),
  };
  if (isReadable(payload)) {
    replaceHeaders(reply);
    if (request.method === 'HEAD') return payload;
    // Each end tells the other of its failure; Fastify watches the inserter.
    return pipeline(payload, new HeadInserter(snippet, options), () => {});
  }
  if (request.method === 'HEAD' && isWithoutBody(reply, payload)) {
    replaceHeaders(reply);
    return null;
  }
  if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) return payload;
  const page = Buffer.from(payload);
  // Fastify sends a string as UTF-8, whatever its content type says.
  if (typeof payload === 'string') options.encoding = undefined;
  const injected = insertIntoHead(page, snippet, options);
  if (injected === page) return payload;
  replaceHeaders(reply);
  return typeof payload === 'string' ? injected.toString() : injected;
}

/** A route of its own for HEAD may tell the length of a body that it does not send. */
function isWithoutBody(reply: FastifyReply, payload: unknown): boolean {
  if (payload === null || payload === undefined) return true;
  return payload === '' && Number(headerOf(reply, 'content-length') ?? 0) > 0;
}

function replaceHeaders(reply: FastifyReply): void {
  for (const name of HEADERS_OF_ORIGINAL) reply.removeHeader(name);
  const cacheControl = headerOf(reply, 'cache-control') ?? '';
  if (!/(?:^|[\s,])no-store(?:[\s,]|$)/i.test(cacheControl)) {
    reply.header('cache-control', 'no-cache');
  }
}

function factsOf(reply: FastifyReply): ResponseFacts {
  return {
    statusCode: reply.statusCode,
    contentType: headerOf(reply, 'content-type'),
    contentEncoding: headerOf(reply, 'content-encoding'),
    contentDisposition: headerOf(reply, 'content-disposition'),
  };
}

function headerOf(reply: FastifyReply, name: string): string | undefined {
  const value = reply.getHeader(name);
  return value === undefined ? undefined : String(value);
}

function isReadable(payload: unknown): payload is Readable {
  if (typeof payload !== 'object' || payload === null) return false;
  return 'pipe' in payload && typeof payload.pipe === 'function' && 'on' in payload;
}

/** Puts a tag into the HTML pages of the scope that registers it. */
const injectHtml = fp(plugin, { name: 'dev-serve-inject-html', fastify: '5.x' });
export default injectHtml;
