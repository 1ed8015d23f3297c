/** Why a request-target is not looked at any further; undefined for one that is. */
export type TargetFault = 'malformed' | 'too long';

/**
 * What is wrong with the form of a request-target; total, whatever the client sent. Only the origin
 * form is for a server that is no proxy: no scheme, no "*", no fragment.
 */
export function faultOf(target: string, maxLength: number): TargetFault | undefined {
  if (target.length > maxLength) return 'too long';
  // RFC 9112, 3.2.1: origin-form = absolute-path [ "?" query ].
  return target.startsWith('/') && !target.includes('#') ? undefined : 'malformed';
}
