import { sep } from 'node:path';
import { isHidden } from './hidden.ts';
import { isSensitive } from './sensitive.ts';

/** What requests may see beyond what they see by default; the watcher keeps to the same. */
export interface AccessRules {
  /** Whether names that start with a dot are served. @default false */
  readonly dotfiles?: boolean | undefined;
  /** Whether files whose names say that they hold secrets are served. @default false */
  readonly sensitiveFiles?: boolean | undefined;
  /** Whether links out of the root are followed. @default false */
  readonly followSymlinks?: boolean | undefined;
}

/** Whether no request may see what lies at a path below the root, whatever that is. */
export function isDenied(
  segments: readonly string[],
  { dotfiles = false, sensitiveFiles = false }: AccessRules = {},
): boolean {
  return (!dotfiles && isHidden(segments)) || (!sensitiveFiles && isSensitive(segments));
}

/** Whether a link may lead to this real path, which lies outside of the root. */
export function mayLeadTo(
  path: string,
  { followSymlinks = false, sensitiveFiles = false }: AccessRules,
): boolean {
  // Dot names are none of its business: package managers link to folders such as ".pnpm".
  return followSymlinks && (sensitiveFiles || !isSensitive(path.split(sep)));
}
