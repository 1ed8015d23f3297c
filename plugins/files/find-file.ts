import { relativeWithin } from './contain.ts';
import { realPath } from './disk.ts';
import { slashRedirect } from './redirect.ts';
import { type Resolution, type ResolveOptions, resolveFile } from './resolve.ts';

export interface Place extends ResolveOptions {
  /** The directory to serve, which may be a link, go and come back. */
  readonly root: string;
  /** URL path of the directory, with no slash at its end. */
  readonly base: string;
}

/** Roots that had no link in their path when that was last asked. */
const plainRoots = new Set<string>();

/** Looks a request target up in the root as it is now. Never rejects. */
export async function findFile(place: Place, target: string): Promise<Resolution> {
  const { root, base } = place;
  const [path] = target.split('?', 1);
  if (path === base && base !== '') {
    const folder = base.slice(base.lastIndexOf('/') + 1);
    const location = slashRedirect('missing', folder, target.slice(base.length));
    return location === undefined ? { kind: 'missing' } : { kind: 'redirect', location };
  }
  if (!target.startsWith(`${base}/`)) return { kind: 'missing' };
  const below = target.slice(base.length);
  const found = plainRoots.has(root) ? await resolveFile(root, below, place) : undefined;
  // A real path inside: who opens it finds out whether it still is one.
  if (found?.kind === 'file' && relativeWithin(root, found.path) !== undefined) return found;
  const real = await realPathOf(root);
  if (real === root) plainRoots.add(root);
  else plainRoots.delete(root);
  if (real === undefined) return { kind: 'missing' };
  return real === root && found ? found : resolveFile(real, below, place);
}

/** To be called when what was found in a root was not there any more: the root may have moved. */
export function doubtRoot(root: string): void {
  plainRoots.delete(root);
}

/** The path without links of what may not be there: undefined. */
export async function realPathOf(root: string): Promise<string | undefined> {
  try {
    return await realPath(root);
  } catch {
    return;
  }
}
