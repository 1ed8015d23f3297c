import { symlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { folderWith } from './watch-folder.ts';

/** A folder in which all that may be served says "public", and all else, in it and around it, "CANARY". */
export async function siteWithCanary(): Promise<string> {
  const root = await folderWith({
    'index.html': 'public',
    'a/index.html': 'public',
    'sub/a': 'public',
    'sub/index.html': 'public',
    'key.txt': 'public',
    'only/a.html': 'public',
    'only/.html': 'CANARY',
    'only/.env.html': 'CANARY',
    '.well-known/a': 'public',
    '.env': 'CANARY',
    '.git/index.html': 'CANARY',
    '.git/a': 'CANARY',
    'sub/.env': 'CANARY',
    '.well-known/.env': 'CANARY',
    '../site-secret/key.txt': 'CANARY',
    '../site-secret/index.html': 'CANARY',
    '../index.html': 'CANARY',
    '../site.html': 'CANARY',
    '../site-secret.html': 'CANARY',
  });
  await symlink(`${dirname(root)}/site-secret`, `${root}/out`);
  await symlink('../../site-secret/key.txt', `${root}/sub/near`);
  await symlink('sub', `${root}/in`);
  await symlink('../../site-secret.html', `${root}/sub/out.html`);
  return root;
}
