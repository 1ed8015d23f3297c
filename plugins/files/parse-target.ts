import { isOriginForm } from './origin-form.ts';

/** A request-target, decoded. */
export interface Target {
  /** The decoded segments of the path; none for the root. */
  readonly segments: readonly string[];
  readonly trailingSlash: boolean;
  /** With its `?`, or empty; still encoded. */
  readonly query: string;
}

// RFC 9112: a request-target holds no whitespace; beyond ASCII all is percent-encoded (RFC 3986).
const VISIBLE_ASCII = /^[!-~]*$/;

// After decoding: separators that would change the path's shape, and control bytes.
const UNSAFE = /[/\\\p{Cc}]/u;

/**
 * Reads a request-target of the origin form ("/path?query"), decoding each segment exactly once.
 * A path that is not canonical is refused, never normalised: undefined.
 */
export function parseTarget(target: string): Target | undefined {
  if (!isOriginForm(target) || !VISIBLE_ASCII.test(target)) return;
  const mark = target.indexOf('?');
  const path = mark === -1 ? target : target.slice(0, mark);
  const segments = path.slice(1).split('/').map(decode);
  const trailingSlash = segments.at(-1) === '';
  if (trailingSlash) segments.pop();
  if (!segments.every(isCanonical)) return;
  return { segments, trailingSlash, query: mark === -1 ? '' : target.slice(mark) };
}

/** Whether a decoded segment names an entry of its folder, and nothing else. */
export function isCanonical(segment: string | undefined): segment is string {
  if (segment === undefined || UNSAFE.test(segment)) return false;
  return segment !== '' && segment !== '.' && segment !== '..';
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
