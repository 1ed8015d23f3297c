import { isAbsolute, relative, sep } from 'node:path';

/**
 * The path below the root (with `/`, '' for the root itself) of a real path, or undefined when it
 * lies outside. By segments, not by prefix: `site-secret` is no part of `site`.
 */
export function relativeWithin(root: string, real: string): string | undefined {
  // The rest, where it is seen at once: `relative` puts both paths together anew first.
  const isBelow = real.startsWith(root) && real[root.length] === sep;
  const path = isBelow ? real.slice(root.length + 1) : relative(root, real);
  if (path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path)) return undefined;
  return sep === '/' ? path : path.replaceAll(sep, '/');
}
