import { mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { doubtRoot, findFile } from '../../plugins/files/find-file.ts';
import { folderWith } from './watch-folder.ts';

const find = async (root: string, target: string) => {
  const found = await findFile({ root, base: '' }, target);
  return found.kind === 'file' ? readFile(found.path, 'utf8') : found.kind;
};

describe('a root that was a folder and is now a link', () => {
  const replaced = async (files: Record<string, string>) => {
    const folder = await folderWith({ 'site/index.html': 'first', ...files });
    const root = `${folder}/site`;
    expect(await find(root, '/')).toBe('first');
    await rename(root, `${folder}/first`);
    await symlink('second', root);
    return root;
  };

  it('shows what the link leads to, whatever is asked for', async () => {
    const root = await replaced({
      'second/index.html': 'second',
      'second/sub/index.html': 'sub',
      'second/sub/a.txt': 'a',
    });
    await symlink('sub', `${root}/alias`);
    expect(await find(root, '/')).toBe('second');
    expect(await find(root, '/sub')).toBe('redirect');
    expect(await find(root, '/alias/a.txt')).toBe('a');
    expect(await find(root, '/none.txt')).toBe('missing');
  });

  it('has the real path again once it was doubted, as by who could not open what it found', async () => {
    const root = await replaced({ 'second/index.html': 'second' });
    doubtRoot(root);
    const found = await findFile({ root, base: '' }, '/');
    const second = root.replace(/site$/, 'second');
    expect(found).toMatchObject({ kind: 'file', path: `${second}/index.html` });
  });

  it('hides what lies outside of where the link leads to', async () => {
    const root = await replaced({ 'second/index.html': 'second', 'first-secret/a.txt': 'secret' });
    await symlink('../first-secret', `${root}/out`);
    expect(await find(root, '/out/a.txt')).toBe('missing');
    expect(await find(root, '/')).toBe('second');
    expect(await find(root, '/out/a.txt')).toBe('missing');
  });

  it('is missing while it is gone, and found when it is back', async () => {
    const root = await replaced({});
    expect(await find(root, '/')).toBe('missing');
    await rm(root);
    await mkdir(root);
    expect(await find(root, '/')).toBe('missing');
    await rm(root, { recursive: true });
    await rename(root.replace(/site$/, 'first'), root);
    expect(await find(root, '/')).toBe('first');
  });
});
