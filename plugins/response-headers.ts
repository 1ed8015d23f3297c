import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { type CorsRule, grantTo, mayEmbed, parseCors } from './hosts/cors.ts';
import { parseHeaders } from './hosts/custom-headers.ts';
import { isPreflight, isUnanswered, preflightHeaders } from './hosts/preflight.ts';
import { booleanOption } from './options.ts';
import { sendHook } from './sync-hooks.ts';
import { withVary } from './vary.ts';

/** Options of {@link responseHeaders}. */
export interface ResponseHeadersOptions {
  /** Headers for every response, by name; they win over those it has. @default {} */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Whether pages are cross-origin isolated, as for `SharedArrayBuffer`. @default false */
  readonly crossOriginIsolation?: boolean | undefined;
  /**
   * Which origins may read responses: `true` for those of this machine, or a list of origins, where
   * `*` stands for any. @default false
   */
  readonly cors?: boolean | readonly string[] | undefined;
}

const ISOLATION: readonly (readonly [string, string])[] = [
  ['cross-origin-opener-policy', 'same-origin'],
  ['cross-origin-embedder-policy', 'require-corp'],
];
const GRANT = 'access-control-allow-origin';
const RESOURCE_POLICY = 'cross-origin-resource-policy';

/**
 * Adds headers to every response of the scope that registers it.
 *
 * @throws InvalidOptionError for a header that no response may have, or an origin that is none
 */
async function responseHeaders(
  app: FastifyInstance,
  options: ResponseHeadersOptions,
): Promise<void> {
  const isIsolated = booleanOption('crossOriginIsolation', options.crossOriginIsolation ?? false);
  const fixed = [...(isIsolated ? ISOLATION : []), ...parseHeaders(options.headers ?? {})];
  const own = new Set(fixed.map(([name]) => name));
  const rule = parseCors(options.cors ?? false);
  if (fixed.length === 0 && rule === undefined) return;

  // In onSend, when the handlers, @fastify/static of an app and a proxied server have set theirs.
  const add = sendHook((request, reply, payload) => {
    for (const [name, value] of fixed) reply.header(name, value);
    if (rule === undefined || own.has(GRANT)) return payload;
    const isOurs = !reply.hasHeader(GRANT);
    const isAnswered = isOurs && share(request, reply, rule) && answersPreflight(request, reply);
    return isAnswered ? discard(payload) : payload;
  });
  app.addHook('onSend', add);

  /** Returns true if the page may read the response. */
  function share(request: FastifyRequest, reply: FastifyReply, rule: CorsRule): boolean {
    const { origin, referer } = request.headers;
    const grant = grantTo(origin, rule);
    if (grant !== undefined) reply.header(GRANT, grant);
    if (grant !== '*') addVary(reply, 'Origin');
    const hasPolicy = reply.hasHeader(RESOURCE_POLICY) && !own.has(RESOURCE_POLICY);
    if (hasPolicy && mayEmbed({ origin, referer }, rule)) {
      reply.header(RESOURCE_POLICY, 'cross-origin');
    }
    return grant !== undefined;
  }
}

/** Only after the app's own handlers, so that @fastify/cors of an app comes first. */
function answersPreflight(request: FastifyRequest, reply: FastifyReply): boolean {
  const { headers } = request;
  if (!isPreflight(request.method, headers) || !isUnanswered(reply.statusCode)) return false;
  const allow = reply.getHeader('allow')?.toString();
  const requested = headers['access-control-request-headers'];
  reply.code(204).headers(preflightHeaders(requested, allow));
  addVary(reply, 'Access-Control-Request-Headers');
  for (const name of ['content-type', 'content-length']) reply.removeHeader(name);
  return true;
}

function discard(payload: unknown): null {
  if (typeof payload === 'object' && payload !== null && 'destroy' in payload) {
    const { destroy } = payload;
    if (typeof destroy === 'function') destroy.call(payload);
  }
  return null;
}

function addVary(reply: FastifyReply, name: string): void {
  reply.header('vary', withVary(reply.getHeader('vary')?.toString(), [name]));
}

export default fp(responseHeaders, { fastify: '5.x', name: 'dev-serve-response-headers' });
