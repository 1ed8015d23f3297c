import { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { InvalidOptionError } from './errors.ts';
import { hasLeft, onLeave } from './events/leaving.ts';
import { ownHeaders } from './hosts/own-headers.ts';
import { decideByRequest } from './html/decision.ts';
import { upstreamDownPage } from './pages/messages.ts';
import { pageHeaders } from './pages/page-headers.ts';
import { wantsPage } from './pages/wants-page.ts';
import { hasBody } from './proxy/body.ts';
import { substituteType } from './proxy/body-type.ts';
import { breakOff } from './proxy/break-off.ts';
import { destinationOf } from './proxy/destination.ts';
import { Exchanges } from './proxy/exchanges.ts';
import { failureReason } from './proxy/failure.ts';
import type { Passage } from './proxy/passage.ts';
import { prepare } from './proxy/prepare.ts';
import { isPhrase, responseHeaders } from './proxy/response-headers.ts';
import { isBelow, mappingOf, type ProxyRule } from './proxy/rule.ts';
import { switchingHead, tunnel } from './proxy/tunnel.ts';
import { Upgrades } from './proxy/upgrades.ts';
import { type Answer, Upstream } from './proxy/upstream.ts';
import { sayPlainly } from './refuse.ts';
import { UpgradeGuard } from './sockets/upgrade-guard.ts';
import type { Notice } from './tabs/notice.ts';
import { toError } from './to-error.ts';

export type { ProxyRule } from './proxy/rule.ts';

export interface ProxyOptions {
  /** The rule with the longest path wins. */
  readonly rules: readonly ProxyRule[];
  /** URL path below which the rules hold. @default '' */
  readonly prefix?: string | undefined;
  /** Paths below `prefix` under which nothing is passed on. @default [] */
  readonly reserved?: readonly string[] | undefined;
  /** Told when an upstream does not answer, and when it is back. */
  readonly onNotice: (notice: Notice) => void;
}

/** As good as none: Fastify takes no 0 for a route, and would cut slow upstreams off. */
const NO_TIMEOUT = 2 ** 31 - 1;

/**
 * Passes requests and WebSockets of some paths on to other servers. Any other route wins.
 *
 * @throws InvalidOptionError for a rule whose path is a route already
 */
async function proxy(app: FastifyInstance, options: ProxyOptions): Promise<void> {
  const { rules, prefix = '', reserved = [], onNotice } = options;
  if (rules.length === 0) return;
  const base = `${app.prefix.replace(/\/+$/, '')}${prefix}`;
  const ownPaths = reserved.map((path) => `${base}${path}`);
  const https = 'setSecureContext' in app.server;
  const upgrades = new Upgrades(app.server, (request, response) => app.routing(request, response));
  const exchanges = new Exchanges();
  app.addHook('onRequest', UpgradeGuard.of(app.server).onRequest);
  app.addHook('preClose', async () => exchanges.breakOff());
  app.addHook('onClose', async () => upgrades.close());
  app.addHook('onResponse', async ({ raw }) => upgrades.end(raw));

  await app.register(routes, { prefix });

  async function routes(scope: FastifyInstance): Promise<void> {
    // A body of any type and size is left to the upstream.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _body, done) => done(null));
    const others = scope.supportedMethods.filter((method) => method !== 'GET');
    for (const rule of rules) {
      refuseTaken(scope, `${base}${rule.path}`, ownPaths);
      const route = {
        preParsing: begin,
        // After all hooks that decide who is answered, and before the handler, which is none for an
        // upgrade: @fastify/websocket accepts it instead.
        preHandler: passerOn(rule),
        onSend: sendHeadersAtOnce,
        handler: () => {},
        handlerTimeout: NO_TIMEOUT,
        exposeHeadRoute: false,
      };
      for (const url of base + rule.path === '' ? ['/*'] : [rule.path, `${rule.path}/*`]) {
        scope.route({ ...route, method: others, url });
        // Known for a WebSocket route, so that upgrades get as far as to the hook.
        scope.route({ ...route, method: 'GET', url, wsHandler: () => {} });
      }
    }
  }

  async function begin(request: FastifyRequest, { raw }: FastifyReply, body: Readable) {
    const end = exchanges.begin(raw, body);
    if (hasLeft(request.raw, raw)) end();
    else onLeave(request.raw, raw, end);
    const type = substituteType(request.method, request.headers['content-type']);
    // For the hooks; the upstream gets the headers of `raw`.
    if (type !== undefined) request.headers = { ...request.headers, 'content-type': type };
    return body;
  }

  function passerOn(rule: ProxyRule) {
    const destination = destinationOf(rule.target);
    const { origin } = destination;
    const mapping = mappingOf(rule, base);
    const notify = (text: string) => onNotice({ kind: 'upstream', text: `${origin} ${text}` });
    const state = { isDown: false, isTrusted: true };
    const upstream = new Upstream(destination, () => {
      if (state.isTrusted) notify('has a certificate that nobody vouches for: not checked here');
      state.isTrusted = false;
    });
    app.addHook('onClose', async () => upstream.close());

    async function passOn(request: FastifyRequest, reply: FastifyReply) {
      const { method, raw } = request;
      const { url: target = '', headers } = raw;
      if (isBelow(target, ownPaths)) return reply.callNotFound();
      const mayGetPage = decideByRequest(method, headers) !== 'none';
      const upgrade = upgrades.take(raw);
      const isUpgrade = upgrade !== undefined;
      const facts = { mayGetPage, isUpgrade, https, hasBody: !isUpgrade && hasBody(raw) };
      const incoming = { ...facts, method, target, headers, address: raw.socket.remoteAddress };
      const prepared = prepare(incoming, destination, mapping);
      if (typeof prepared === 'string') return void sayPlainly(reply, 400, prepared);
      const { passage, ...question } = prepared;
      const { body, signal } = exchanges.get(reply.raw);
      try {
        const stream = facts.hasBody ? body : undefined;
        const answer = await upstream.ask({ ...question, method, body: stream, signal });
        deliver(answer, passage, reply, upgrade);
        if (state.isDown) notify('answers again');
        state.isDown = false;
      } catch (thrown) {
        // Nobody waits for the answer any more.
        if (signal.aborted) return reply.hijack().raw.destroy();
        const reason = failureReason(toError(thrown));
        if (!state.isDown) notify(`does not answer: ${reason}`);
        state.isDown = true;
        if (isUpgrade || !wantsPage(headers)) {
          return void sayPlainly(reply, 502, `${origin} does not answer: ${reason}`);
        }
        reply
          .code(502)
          .headers({ ...ownHeaders, ...pageHeaders })
          .send(upstreamDownPage(origin));
      }
    }
    // Takes no callback, and returns nothing: what comes after the hook is left out.
    return (request: FastifyRequest, reply: FastifyReply) => {
      passOn(request, reply).catch((error) => reply.send(error));
    };
  }

  function deliver(
    { message, switched }: Answer,
    passage: Passage,
    reply: FastifyReply,
    upgrade: ReturnType<Upgrades['take']>,
  ): void {
    const headers = responseHeaders(message.headers, passage);
    if (switched === undefined || upgrade === undefined) {
      // "Status message is not supported by HTTP/2" (RFC 9113, 8.3.2).
      if (reply.raw instanceof ServerResponse && isPhrase(message.statusMessage)) {
        reply.raw.statusMessage = message.statusMessage;
      }
      message.once('error', () => breakOff(reply.raw));
      const { statusCode = 0 } = message;
      reply.code(statusCode).headers(headers).send(message);
      return;
    }
    reply.hijack();
    const { socket, head } = upgrade;
    exchanges.add(socket, switched.socket);
    socket.write(switchingHead('websocket', headers), 'latin1');
    socket.write(switched.head);
    switched.socket.write(head);
    tunnel(socket, switched.socket);
  }
}

/** A rule with the path of a route would never be asked, or take what another plugin serves. */
function refuseTaken(scope: FastifyInstance, path: string, ownPaths: readonly string[]): void {
  const urls = path === '' ? ['/*'] : [path, `${path}/*`];
  const isTaken = urls.some((url) => scope.hasRoute({ method: 'GET', url }));
  if (!isTaken && !isBelow(path, ownPaths)) return;
  const reason = `must leave "${path}/" to the route that is there: choose another path`;
  throw new InvalidOptionError('proxy', reason);
}

/** An event stream has begun with its head, long before its first event. */
function sendHeadersAtOnce(
  _request: FastifyRequest,
  { raw }: FastifyReply,
  payload: unknown,
  done: (error: null, payload: unknown) => void,
): void {
  done(null, payload);
  if (!raw.headersSent && !raw.destroyed) raw.flushHeaders();
}

export default fp(proxy, { fastify: '5.x', name: 'dev-serve-proxy' });
