import type { FastifyRequest } from 'fastify';

/**
 * The URL paths of the files that pages are, by the requests for them: of a path without a page that
 * of the page in its place, or the path itself; of a list that of the folder.
 */
export const pageFiles = new WeakMap<FastifyRequest, string>();
