import { execFileSync } from 'node:child_process';
import { symlink, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { listDirectory } from '../../plugins/files/list-directory.ts';
import { resolveFile } from '../../plugins/files/resolve.ts';
import { folderWith } from './watch-folder.ts';

const namesIn = async (root: string, relative = '', limit?: number) => {
  const list = await listDirectory(root, relative, {}, limit === undefined ? {} : { limit });
  return list?.entries.map(({ name, isFolder }) => name + (isFolder ? '/' : ''));
};

describe('a list', () => {
  it('has the folders first, and numbers in their order', async () => {
    const root = await folderWith({
      'b10.txt': '',
      'b9.txt': '',
      'B1.txt': '',
      'a.txt': '12345',
      'z/x': '',
      'y/x': '',
    });
    await symlink('z', `${root}/link`);
    expect(await namesIn(root)).toEqual([
      ...['link/', 'y/', 'z/'],
      ...['a.txt', 'B1.txt', 'b9.txt', 'b10.txt'],
    ]);
    const list = await listDirectory(root, '');
    expect(list?.entries.find(({ name }) => name === 'a.txt')).toEqual({
      name: 'a.txt',
      isFolder: false,
      size: 5,
      modified: expect.any(Date),
    });
  });

  it('L4: names nothing that a request would not be answered with, and all else', async () => {
    const root = await folderWith({
      'a#b?c%&"<\'.txt': '',
      '日本\u202e.txt': '',
      'javascript:x': '',
      'back\\slash': '',
      'new\nline': '',
      'x~1': '',
      'dot.': '',
      '.env': '',
      '.git/x': '',
      '.well-known/x': '',
      'in/x': '',
      '../outside.txt': '',
    });
    execFileSync('mkfifo', [`${root}/fifo`]);
    await writeFile(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xff, 0xfe])]), '');
    await symlink('../outside.txt', `${root}/out`);
    await symlink('nowhere', `${root}/dangling`);
    await symlink('loop', `${root}/loop`);
    await symlink('in', `${root}/inside`);
    const names = await namesIn(root);
    expect(names).toEqual(['.well-known/', 'in/', 'inside/', 'a#b?c%&"<\'.txt', '日本\u202e.txt']);
    for (const name of names ?? []) {
      const target = `/${name.split('/').map(encodeURIComponent).join('/')}`;
      const { kind } = await resolveFile(root, target, { list: true });
      expect(kind).toBe(name.endsWith('/') ? 'directory' : 'file');
    }
  });

  it('L4: ends at its limit, and tells how many are left', async () => {
    const root = await folderWith({ a: '', b: '', c: '', d: '' });
    const names = await namesIn(root, '', 3);
    // Those that the disk tells first, in order.
    expect(names).toHaveLength(3);
    expect(names).toEqual(['a', 'b', 'c', 'd'].filter((name) => names?.includes(name)));
    expect((await listDirectory(root, '', {}, { limit: 3 }))?.left).toBe(1);
    expect((await listDirectory(root, ''))?.left).toBe(0);
  });

  it.each([
    ['at once', 0],
    ['while it reads the names', 100],
    ['while it looks at the entries', 302],
  ])('is given up %s when nobody waits for it', async (_, after) => {
    const files = Array.from({ length: 300 }, (_, index) => [`${index}.txt`, ''] as const);
    const root = await folderWith(Object.fromEntries(files));
    let looks = 0;
    const isUnwanted = () => {
      looks += 1;
      return looks > after;
    };
    expect(await listDirectory(root, '', {}, { isUnwanted })).toBeUndefined();
    // It asks for each of the names, and again for each few of the entries.
    expect(looks).toBe(after + 1);
  });

  it('of what is no folder, or not there, is none', async () => {
    const root = await folderWith({ 'a.txt': '' });
    expect(await listDirectory(root, 'a.txt')).toBeUndefined();
    expect(await listDirectory(root, 'none')).toBeUndefined();
    expect(await listDirectory(`${root}-none`, '')).toBeUndefined();
  });
});
