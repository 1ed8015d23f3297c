import { pipeline } from 'node:stream';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { InvalidOptionError } from './errors.ts';
import { encodingOfContentType } from './html/code-units.ts';
import { decodersOf } from './html/content-coding.ts';
import { type Decision, decideByRequest, isWhole, mayBeDocument } from './html/decision.ts';
import type { InsertOptions, Snippet } from './html/head-insertion.ts';
import { HeadInserter, insertIntoHead } from './html/insert-into-head.ts';
import { type Obstacle, ObstacleLog } from './html/obstacle.ts';
import { isReadable, pageBody } from './html/page-body.ts';
import { type PageSyntax, pageSyntax } from './html/page-type.ts';
import { nonceOfPolicy } from './html/policy.ts';
import { type ClientNeeds, policyHindrance } from './html/policy-hindrance.ts';
import { booleanOption, functionOption } from './options.ts';
import { printable, quoted } from './printable.ts';
import { requestHook, sendHook } from './sync-hooks.ts';
import { withVary } from './vary.ts';

export type { Obstacle } from './html/obstacle.ts';
export type { ClientNeeds } from './html/policy-hindrance.ts';

/** Options of the plugin that puts a tag into the HTML pages of its scope. */
export interface InjectHtmlOptions {
  /**
   * Called for each request that may load a page, before anything of the page is read.
   *
   * @returns a function that writes the tag, in ASCII, with the nonce of the page if it has one;
   * undefined to leave the page as it is
   */
  readonly snippet: (request: FastifyRequest) => Snippet | undefined;
  /**
   * Whether XHTML and SVG documents get the tag too: it has to be well-formed XML then.
   * @default false
   */
  readonly xml?: boolean | undefined;
  /** What the tag's script asks for: pages whose policy forbids it are obstacles. @default none */
  readonly needs?: ClientNeeds | undefined;
  /** Called once for each page and cause, when a page cannot get the tag or will not run it. */
  readonly onObstacle?: ((obstacle: Obstacle) => void) | undefined;
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
/** The last ones that a file gets are the first here: to take back others makes an object slow. */
const HEADERS_OF_ORIGINAL = [
  'content-length',
  'last-modified',
  'etag',
  'accept-ranges',
  'content-encoding',
  'content-md5',
  'digest',
  'content-digest',
  'repr-digest',
];

const plugin: FastifyPluginAsync<InjectHtmlOptions> = async (app, options) => {
  const { snippet, needs } = options;
  if (typeof snippet !== 'function') {
    throw new InvalidOptionError('snippet', 'must be a function that takes the request');
  }
  const takesXml = booleanOption('xml', options.xml ?? false);
  const obstacles = new ObstacleLog(functionOption('onObstacle', options.onObstacle ?? (() => {})));
  const injections = new WeakMap<FastifyRequest, Injection>();

  const decide = requestHook((request) => {
    const { headers } = request.raw;
    const decision = decideByRequest(request.method, headers);
    const written = decision === 'none' ? undefined : snippet(request);
    if (written === undefined) return;
    injections.set(request, { decision, snippet: written });
    if (!mayBeDocument(decision, headers, request.url)) return;
    // A 304 for the file on disk keeps a page with an old stamp in the browser for ever.
    // To delete what is not there makes an object as slow as to delete what is.
    for (const name of REQUEST_CONDITIONS) if (name in headers) delete headers[name];
  });
  app.addHook('onRequest', decide);

  // Hooks of a scope run before those of its routes, where @fastify/compress puts its own: a page
  // is injected first and compressed then, in whichever order the two are registered.
  const injectInto = sendHook((request, reply, payload) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const syntax = pageSyntax(headerOf(reply, 'content-type'));
    const isPage = syntax === 'html' || (syntax === 'xml' && takesXml);
    const disposition = headerOf(reply, 'content-disposition');
    if (!isRead || !isPage || !isWhole(reply.statusCode, disposition)) return payload;
    const injection = injections.get(request);
    // Whoever takes anything wants no document out of SVG: it is an image, or a part of one.
    const isWanted = injection && (syntax === 'html' || injection.decision === 'all');
    if (isWanted && injection.decision === 'all') tellObstacle(request, reply);
    const sent = isWanted ? inject(request, reply, payload, injection, syntax) : payload;
    reply.header('vary', withVary(headerOf(reply, 'vary'), VARIES_BY));
    return sent;
  });
  app.addHook('onSend', injectInto);

  function tellObstacle(request: FastifyRequest, reply: FastifyReply): void {
    const coding = headerOf(reply, 'content-encoding');
    const policies = headerOf(reply, 'content-security-policy');
    // Most pages have neither.
    if (coding === undefined && policies === undefined) return;
    const page = request.url.replace(/[?#].*$/s, '');
    const tell = (cause: string, rest: string) =>
      obstacles.add({ page, text: `${printable(page)} cannot reload: ${rest}` }, cause);
    if (decodersOf(coding) === undefined) {
      const remedy = 'send it plain, or as gzip, br or deflate';
      tell('encoding', `its Content-Encoding ${quoted(coding ?? '')} is none to read: ${remedy}`);
    }
    const self = `${request.protocol}://${request.host}`;
    if (needs === undefined || policies === undefined || !URL.canParse(self)) return;
    const found = policyHindrance(policies, needs, new URL(self), nonceOfPolicy(policies));
    if (found === undefined) return;
    const { name, directive, lacks } = found;
    tell(name, `its Content-Security-Policy ${quoted(directive)} needs ${lacks}`);
  }
};

function inject(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  { decision, snippet }: Injection,
  syntax: PageSyntax,
): unknown {
  const decoders = decodersOf(headerOf(reply, 'content-encoding'));
  if (decoders === undefined) return payload;
  if (request.method === 'HEAD' && isWithoutBody(reply, payload)) {
    replaceHeaders(reply);
    return null;
  }
  const body = pageBody(payload, decoders.length > 0);
  if (body === undefined) return payload;
  const policies = headerOf(reply, 'content-security-policy');
  const options: InsertOptions = {
    nonce: policies === undefined ? undefined : nonceOfPolicy(policies),
    documentsOnly: decision === 'documents',
    // Fastify sends a string as UTF-8, whatever its content type says.
    encoding:
      typeof body === 'string'
        ? undefined
        : encodingOfContentType(headerOf(reply, 'content-type') ?? ''),
    isXml: syntax === 'xml',
  };
  if (isReadable(body)) {
    replaceHeaders(reply);
    if (request.method === 'HEAD') return body;
    const inserter = new HeadInserter(snippet, options);
    // Each end tells the other of its failure; Fastify watches the inserter.
    pipeline([body, ...decoders.map((decode) => decode()), inserter], () => {});
    return inserter;
  }
  const page = typeof body === 'string' ? Buffer.from(body) : body;
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
  for (const name of HEADERS_OF_ORIGINAL) if (reply.hasHeader(name)) reply.removeHeader(name);
  const cacheControl = headerOf(reply, 'cache-control') ?? '';
  if (!/(?:^|[\s,])no-store(?:[\s,]|$)/i.test(cacheControl)) {
    reply.header('cache-control', 'no-cache');
  }
}

function headerOf(reply: FastifyReply, name: string): string | undefined {
  const value = reply.getHeader(name);
  return value === undefined ? undefined : String(value);
}

/** Puts a tag into the HTML pages of the scope that registers it. */
const injectHtml = fp(plugin, { name: 'dev-serve-inject-html', fastify: '5.x' });
export default injectHtml;
