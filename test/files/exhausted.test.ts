import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { folderWith, watchNow } from './watch-folder.ts';

const soon = { timeout: 20_000, interval: 5 };
const tree = Object.fromEntries(
  Array.from({ length: 40 }, (_, index) => [`${index}/a.html`, 'one']),
);

/** Lets so many folders be watched, and fails for the next as the system would. */
function limitWatches(code: string, most: number): { most: number } {
  const limit = { most };
  const { watch } = fs;
  const limited = (...args: Parameters<typeof watch>) => {
    if (limit.most-- > 0) return watch(...args);
    throw Object.assign(new Error(`${code}: limit reached, watch`), { code });
  };
  Object.assign(fs, { watch: limited });
  syncBuiltinESMExports();
  onTestFinished(() => {
    Object.assign(fs, { watch });
    syncBuiltinESMExports();
  });
  return limit;
}

async function watchLimited(code: string, most: number) {
  const root = await folderWith(tree);
  const limit = limitWatches(code, most);
  const notices: string[] = [];
  const watched = watchNow(root, { onNotice: (notice) => notices.push(notice) });
  await watched.watcher.ready;
  return { ...watched, limit, notices };
}

async function expectAll({ seen, path }: ReturnType<typeof watchNow>, content: string) {
  seen.length = 0;
  for (const name of Object.keys(tree)) await writeFile(path(name), content);
  const all = Object.keys(tree).map((name) => `write /${name}`);
  await expect.poll(() => seen.toSorted(), soon).toEqual(all.toSorted());
}

describe('folders that cannot be watched', () => {
  it.each([
    ['ENOSPC', 10, 'fs.inotify.max_user_watches'],
    ['EMFILE', 0, 'fs.inotify.max_user_instances'],
  ])('for %s (%i can) are looked at, and one line says so', async (code, most, limit) => {
    const watched = await watchLimited(code, most);
    expect(watched.notices).toHaveLength(1);
    expect(watched.notices[0]).toContain(`Only ${most} of 41 folders in ${watched.root}`);
    expect(watched.notices[0]).toContain(`the limit of ${limit}`);
    await expectAll(watched, 'two');
    await writeFile(watched.path('39/new.html'), 'one');
    await rm(watched.path('38/a.html'));
    await expect.poll(() => watched.seen, soon).toContain('create /39/new.html');
    await expect.poll(() => watched.seen, soon).toContain('remove /38/a.html');
    expect(watched.notices).toHaveLength(1);
    expect(watched.errors).toEqual([]);
  });

  // They would be looked at within a second: a busy machine may take as long for what it watches.
  it('are watched again as soon as they can be', { retry: 3 }, async () => {
    const watched = await watchLimited('ENOSPC', 39);
    watched.limit.most = 1000;
    await expect.poll(() => watched.limit.most, soon).toBe(998);
    const start = performance.now();
    await expectAll(watched, 'two');
    expect(performance.now() - start).toBeLessThan(900);
  });
});

interface Report {
  readonly notices: readonly string[];
  readonly seen: readonly string[];
}

/** Watches a folder in a process of its own, below a limit that a shell command sets. */
async function watchBelow(command: string, args: readonly string[], preload = ''): Promise<Report> {
  const root = await folderWith(tree);
  const url = new URL('../../dist/plugins/files/watcher.js', import.meta.url).href;
  const program = `
    ${preload}
    import { openSync, closeSync, writeFileSync } from 'node:fs';
    const { watchFiles } = await import(${JSON.stringify(url)});
    const [notices, seen, open] = [[], [], []];
    if (${JSON.stringify(command)} === 'bash') {
      try { for (;;) open.push(openSync('/dev/null')); } catch {}
      // One for the system's watches, none to list a folder.
      closeSync(open.pop());
    }
    const watcher = watchFiles(${JSON.stringify(root)}, ({ path }) => seen.push(path), {
      onNotice: (notice) => notices.push(notice),
    });
    await watcher.ready;
    for (const each of open) closeSync(each);
    const names = ${JSON.stringify(Object.keys(tree))};
    for (const name of names) writeFileSync(${JSON.stringify(root)} + '/' + name, 'two');
    const end = Date.now() + 20_000;
    while (Date.now() < end && new Set(seen).size < names.length) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await watcher.close();
    console.log(JSON.stringify({ notices, seen }));
  `;
  const child = spawn(command, [...args, process.execPath, '--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [output] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return JSON.parse(output);
}

const all = Object.keys(tree).map((name) => `/${name}`);

describe('a process', () => {
  it('that has no files left to open misses no change', async () => {
    const { notices, seen } = await watchBelow('bash', ['-c', 'ulimit -n 48; exec "$@"', 'bash']);
    expect(notices).toHaveLength(1);
    expect(notices[0]).toContain('ulimit -n');
    expect(seen.toSorted()).toEqual(all.toSorted());
  });

  it.each(['watches', 'instances'])('of a user with few inotify %s misses none', async (kind) => {
    const [most, limit] = kind === 'watches' ? [20, 'max_user_watches'] : [0, 'max_user_instances'];
    const sysctl = `/proc/sys/user/max_inotify_${kind}`;
    const lower = ['-Ur', 'sh', '-c', `echo ${most} > ${sysctl}; exec "$@"`, 'sh'];
    // A user namespace has limits of its own; where none may be made, the failure is made instead.
    const isAllowed = spawnSync('unshare', ['-Ur', 'sh', '-c', `echo ${most} > ${sysctl}`]);
    const code = kind === 'watches' ? 'ENOSPC' : 'EMFILE';
    const { notices, seen } =
      isAllowed.status === 0
        ? await watchBelow('unshare', lower)
        : await watchBelow('env', [], failing(code, most));
    expect(notices).toHaveLength(1);
    expect(notices[0]).toContain(`Only ${most} of 41 folders`);
    expect(notices[0]).toContain(limit);
    expect(seen.toSorted()).toEqual(all.toSorted());
  });
});

/** The lines of a program that make watching fail. */
const failing = (code: string, most: number) => `
  import fs from 'node:fs';
  import { syncBuiltinESMExports } from 'node:module';
  const { watch } = fs;
  let left = ${most};
  fs.watch = (...args) => {
    if (left-- > 0) return watch(...args);
    throw Object.assign(new Error('limit'), { code: '${code}' });
  };
  syncBuiltinESMExports();
`;
