/**
 * Whether a path has a segment that starts with a dot. Only a first segment of exactly
 * `.well-known` (RFC 8615: "/.well-known/" is at the top of the path hierarchy) is not hidden.
 */
export function isHidden(segments: readonly string[]): boolean {
  return segments.some(
    (segment, index) => segment.startsWith('.') && !(index === 0 && segment === '.well-known'),
  );
}
