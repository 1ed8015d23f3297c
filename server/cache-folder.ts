import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Where this user's programs keep what they can make again; undefined for a user without a home. */
export function cacheFolder(): string | undefined {
  try {
    return folderOfUser();
  } catch {
    // As in a container whose user is a mere number.
    return undefined;
  }
}

function folderOfUser(): string {
  const { LOCALAPPDATA, XDG_CACHE_HOME = '' } = process.env;
  if (process.platform === 'win32') return LOCALAPPDATA || homedir();
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches');
  // "If an implementation encounters a relative path ... it should ... ignore it" (XDG).
  return isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(homedir(), '.cache');
}
