const MEDIA_TYPE = /^\s*[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+\s*(?:;|$)/;

/**
 * The type of a body as Fastify may see it, which refuses one that is no media type, and a QUERY
 * without one, before it asks any hook; `undefined` if it may see it as it is.
 */
export function substituteType(method: string, type: string | undefined): string | undefined {
  const isRefused = type === undefined ? method === 'QUERY' : !MEDIA_TYPE.test(type);
  return isRefused ? 'application/octet-stream' : undefined;
}
