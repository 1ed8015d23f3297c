import type { AccessRules } from './access.ts';
import { isHidden } from './hidden.ts';
import { isSensitive } from './sensitive.ts';

// Folders of installed packages and of compiled Python: large, or written by what serves a page.
const FOLDERS = new Set(['node_modules', 'bower_components', '__pycache__']);

// Backups and half-done saves: x~ (vim, gedit), #x# (emacs), 4913 (vim's probe), JetBrains' pair,
// x.sb-1a2b3c4d-Ab12Cd (TextEdit).
const TEMPORARY = /~$|^#.*#$|^4913$|\.tmp$|___jb_(?:tmp|old)___$|\.sb-[\da-f]{8}-\w{6}$/;

// The server answers 400 to such names, so a change to them can concern no page.
const UNSERVABLE = /[\p{Cc}\\]/u;

/**
 * Why an entry of this name is not watched by default, with all below it; undefined if it is.
 * @param isAtTop whether it lies directly in the root, where `.well-known` is served
 */
export function defaultReason(
  name: string,
  isAtTop: boolean,
  { dotfiles = false, sensitiveFiles = false }: AccessRules = {},
): string | undefined {
  if (!dotfiles && isHidden(isAtTop ? [name] : ['', name])) return 'dot name';
  if (!sensitiveFiles && isSensitive([name])) return 'sensitive name';
  if (FOLDERS.has(name)) return `default: ${name}`;
  if (TEMPORARY.test(name)) return 'default: temporary file';
  if (UNSERVABLE.test(name)) return 'default: a name that no URL leads to';
  return undefined;
}
