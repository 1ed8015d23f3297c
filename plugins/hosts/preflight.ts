const NAMES = /^[!#$%&'*+.^_`|~0-9a-z-]+(?:[\t ]*,[\t ]*[!#$%&'*+.^_`|~0-9a-z-]+)*$/i;
/** What files take; an app that takes more says so in `Allow`. */
const METHODS = ['GET', 'HEAD'];
/** Nobody meant these as a yes or no to a preflight: there was no handler for OPTIONS. */
const UNHANDLED = new Set([401, 404, 405, 501]);

/** Whether a request asks what another one may do ("CORS-preflight request"). */
export function isPreflight(method: string, headers: Readonly<Record<string, unknown>>): boolean {
  const { origin, 'access-control-request-method': requested } = headers;
  return method === 'OPTIONS' && origin !== undefined && requested !== undefined;
}

/** Whether an answer to a preflight without a grant leaves the answer to us. */
export function isUnanswered(status: number): boolean {
  return (status >= 200 && status < 300) || UNHANDLED.has(status);
}

/** The headers of our answer, beside the grant. Private networks are never opened. */
export function preflightHeaders(
  requestedHeaders: string | undefined,
  allow: string | undefined,
): Readonly<Record<string, string>> {
  const more = NAMES.test(allow ?? '') ? (allow ?? '').split(',').map((name) => name.trim()) : [];
  const methods = [...new Set([...METHODS, ...more])].join(', ');
  const isList = requestedHeaders !== undefined && NAMES.test(requestedHeaders);
  return {
    'access-control-allow-methods': methods,
    ...(isList && { 'access-control-allow-headers': requestedHeaders }),
  };
}
