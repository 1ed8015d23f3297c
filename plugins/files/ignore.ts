import { isHidden } from './hidden.ts';

// Backups and half-done saves: x~ (vim, gedit), #x# (emacs), 4913 (vim's probe), JetBrains' pair.
const TEMPORARY = /~$|^#.*#$|^4913$|\.tmp$|___jb_(?:tmp|old)___$/;

// The server answers 400 to such names, so a change to them can concern no page.
const UNSERVABLE = /[\p{Cc}\\]/u;

/** Whether a path below the root (with `/`) is never announced, nor anything below it. */
export function isIgnored(relative: string): boolean {
  const segments = relative.split('/');
  const name = segments.at(-1) ?? '';
  return (
    isHidden(segments) ||
    segments.includes('node_modules') ||
    TEMPORARY.test(name) ||
    UNSERVABLE.test(relative)
  );
}
