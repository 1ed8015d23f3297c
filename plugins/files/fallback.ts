import type { AccessRules } from './access.ts';
import { isAssetPath } from './asset-path.ts';
import { parseTarget } from './parse-target.ts';
import { type Resolution, resolveFile } from './resolve.ts';

/** Folders below the root that may have a 404.html: each look at one walks all of its path. */
const MAX_DEPTH = 32;

type File = Extract<Resolution, { kind: 'file' }>;

/** The page that a browser is shown in place of one that is missing. */
export interface Fallback {
  readonly file: File;
  readonly status: 200 | 404;
}

/**
 * Finds the page for a target that has none of its own: with `spa` that of the root, which makes
 * its views itself, otherwise the nearest 404.html, no more than 32 folders deep. Never rejects.
 * @param root the real path of the root
 * @param hasLeft whether nobody waits for the page any more; then there is none
 */
export async function findFallback(
  root: string,
  target: string,
  spa: boolean,
  rules: AccessRules = {},
  hasLeft: () => boolean = () => false,
): Promise<Fallback | undefined> {
  const parsed = parseTarget(target);
  if (!parsed) return;
  const { segments, trailingSlash } = parsed;
  if (spa && !isAssetPath(segments.at(-1) ?? '')) {
    const index = await resolveFile(root, '/index.html', rules);
    if (index.kind === 'file') return { file: index, status: 200 };
  }
  const folders = trailingSlash ? segments : segments.slice(0, -1);
  const page = await findNotFoundPage(root, folders.slice(0, MAX_DEPTH), rules, hasLeft);
  return page && { file: page, status: 404 };
}

/** From the root down, so that a path of a thousand folders that do not exist costs one look. */
async function findNotFoundPage(
  root: string,
  folders: readonly string[],
  rules: AccessRules,
  hasLeft: () => boolean,
): Promise<File | undefined> {
  let nearest: File | undefined;
  let path = '/';
  for (const folder of ['', ...folders]) {
    if (hasLeft()) return;
    if (folder !== '') path += `${encodeURIComponent(folder)}/`;
    const { kind } = await resolveFile(root, path, { ...rules, list: true });
    if (kind !== 'file' && kind !== 'directory') break;
    const page = await resolveFile(root, `${path}404.html`, rules);
    if (page.kind === 'file') nearest = page;
  }
  return nearest;
}
