import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import type { Notice } from './tabs/notice.ts';

/** An upstream and the paths that it answers. */
export interface ProxyRule {
  /** URL path without a slash at its end; '' for all paths. */
  readonly path: string;
  /** Of the upstream: scheme, host and perhaps a path that takes the place of `path`. */
  readonly target: URL;
}

export interface ProxyOptions {
  readonly rules: readonly ProxyRule[];
  readonly onNotice: (notice: Notice) => void;
}

/** Passes requests and WebSockets of some paths on to other servers. */
async function proxy(_app: FastifyInstance, _options: ProxyOptions): Promise<void> {}

export default fp(proxy, { fastify: '5.x', name: 'dev-serve-proxy' });
