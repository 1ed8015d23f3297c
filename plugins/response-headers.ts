import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';

/** Options of {@link responseHeaders}. */
export interface ResponseHeadersOptions {
  /** Headers for every response, by name. @default {} */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Whether pages are cross-origin isolated, as for `SharedArrayBuffer`. @default false */
  readonly crossOriginIsolation?: boolean | undefined;
  /**
   * Which origins may read responses: `true` for those of this machine, or a list of origins, where
   * `*` stands for any. @default false
   */
  readonly cors?: boolean | readonly string[] | undefined;
}

/** Adds headers to every response of the scope that registers it. */
async function responseHeaders(
  _app: FastifyInstance,
  _options: ResponseHeadersOptions,
): Promise<void> {}

export default fp(responseHeaders, { fastify: '5.x', name: 'dev-serve-response-headers' });
