/** Whether a request-target is "/path?query", the only form that is for a server and no proxy. */
export function isOriginForm(target: string): boolean {
  // RFC 9112, 3.2.1: origin-form = absolute-path [ "?" query ], so no scheme, "*" or fragment.
  return target.startsWith('/') && !target.includes('#');
}
