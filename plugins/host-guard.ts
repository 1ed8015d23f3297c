import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { namesEventStream } from './events/accept.ts';
import { type AllowedHosts, ANY_HOST_WARNING, parseAllowedHosts } from './hosts/host.ts';
import { isUpgrade } from './hosts/is-upgrade.ts';
import { type Claims, judge } from './hosts/judge.ts';
import { parseAllowedOrigins } from './hosts/origin.ts';
import { RefusalLog } from './hosts/refusal-log.ts';
import { refuse } from './refuse.ts';
import { requestHook } from './sync-hooks.ts';
import { withVary } from './vary.ts';

/** Options of {@link hostGuard}. */
export interface HostGuardOptions {
  /**
   * Host names to answer to besides addresses, `localhost` and `*.localhost`: exact, or
   * `.example.com` for the name and all below it; `true` for any. The environment variable
   * `DEV_SERVE_ALLOWED_HOSTS` adds more, separated by commas.
   * @default []
   */
  readonly allowedHosts?: AllowedHosts | undefined;
  /**
   * Origins besides the server's own whose pages may read events: exact, or `*`.
   * @default []
   */
  readonly allowedOrigins?: readonly string[] | undefined;
  /**
   * Whether a request asks for events, which only trusted pages get.
   * @default whether it is an upgrade, or its Accept names `text/event-stream`
   */
  readonly isEventRequest?: ((request: FastifyRequest) => boolean) | undefined;
}

/**
 * Answers only what is addressed to this server by a name it knows (against DNS rebinding), and
 * gives events and WebSockets only to pages it trusts. Hooks the scope that registers it.
 *
 * @throws InvalidOptionError for an entry that is no host or no origin.
 */
async function hostGuard(app: FastifyInstance, options: HostGuardOptions): Promise<void> {
  const policy = {
    allowedHosts: withEnvironment(parseAllowedHosts(options.allowedHosts ?? [])),
    allowedOrigins: parseAllowedOrigins(options.allowedOrigins ?? []),
    https: 'setSecureContext' in app.server,
  };
  const refusals = new RefusalLog();
  const isEventRequest =
    options.isEventRequest ??
    ((request) => isUpgrade(request.headers) || namesEventStream(request.headers.accept));
  if (policy.allowedHosts === true) app.log.warn(ANY_HOST_WARNING);

  const guard = requestHook((request, reply) => {
    const verdict = judge(claimsOf(request, isEventRequest), policy);
    if (verdict.status !== 200) {
      if (refusals.isNews(verdict.reason, performance.now())) app.log.warn(verdict.reason);
      return refuse(request, reply, verdict.status, verdict.reason);
    }
    if (verdict.grantTo !== undefined) grant(reply, verdict.grantTo);
  });
  app.addHook('onRequest', guard);
}

function withEnvironment(allowedHosts: AllowedHosts): AllowedHosts {
  const variable = 'DEV_SERVE_ALLOWED_HOSTS';
  const names = (process.env[variable] ?? '').split(',').map((name) => name.trim());
  const more = parseAllowedHosts(names.filter(Boolean), variable);
  return allowedHosts === true || more === true ? true : [...allowedHosts, ...more];
}

function claimsOf(
  request: FastifyRequest,
  isEventRequest: (request: FastifyRequest) => boolean,
): Claims {
  // Not `request.host`: with trustProxy it believes X-Forwarded-Host.
  const { headers, raw } = request;
  return {
    // An upgrade made up by app.injectWS() never came over a wire and has no raw headers.
    rawHeaders: raw.rawHeaders ?? ['host', headers.host ?? ''],
    origin: headers.origin,
    fetchSite: headers['sec-fetch-site']?.toString(),
    purpose: purposeOf(request, isEventRequest(request)),
  };
}

function purposeOf(request: FastifyRequest, isForEvents: boolean): Claims['purpose'] {
  if (!isForEvents) return 'page';
  return isUpgrade(request.headers) ? 'websocket' : 'events';
}

function grant(reply: FastifyReply, origin: string): void {
  // A grant that another plugin has made, e.g. with credentials, stands as it is.
  if (reply.hasHeader('access-control-allow-origin')) return;
  reply.header('access-control-allow-origin', origin);
  reply.header('vary', withVary(reply.getHeader('vary')?.toString(), ['Origin']));
}

export default fp(hostGuard, { fastify: '5.x', name: 'dev-serve-host-guard' });
