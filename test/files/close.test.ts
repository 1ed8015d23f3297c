import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { watchFiles } from '../../plugins/files/watcher.ts';
import { folderWith, watchFolder, watchNow } from './watch-folder.ts';

const tree = Object.fromEntries(
  Array.from({ length: 300 }, (_, index) => [`${index % 30}/${index}.html`, 'one']),
);

describe('close', () => {
  it('may be called again, and ends all announcements', async () => {
    const first = await watchFolder({ 'a.html': 'one', 'b.html': 'one' });
    const second = watchNow(first.root);
    await second.watcher.ready;
    await rm(first.path('b.html'));
    const closing = first.watcher.close();
    expect(first.watcher.close()).toBe(closing);
    await closing;
    await writeFile(first.path('a.html'), 'two');
    await second.expectOnly('write /a.html', 'remove /b.html');
    expect(first.seen).toEqual([]);
  });

  it('is quick in the middle of the start, and settles ready', async () => {
    const root = await folderWith(tree);
    for (const turns of [0, 1, 5, 20]) {
      const watcher = watchFiles(root, () => undefined);
      for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
      const start = performance.now();
      await watcher.close();
      await watcher.ready;
      expect(performance.now() - start).toBeLessThan(10_000);
    }
  });

  it('may be called from within an announcement', async () => {
    const root = await folderWith({ 'a.html': 'one', 'b.html': 'one' });
    const seen: string[] = [];
    const watcher = watchFiles(root, ({ path }) => {
      seen.push(path);
      void watcher.close();
    });
    onTestFinished(() => watcher.close());
    await watcher.ready;
    await Promise.all(['a.html', 'b.html'].map((name) => writeFile(join(root, name), 'two')));
    await expect.poll(() => seen.length).toBe(1);
    await watcher.close();
    expect(seen).toHaveLength(1);
  });

  it.each(['at once', 'when ready', 'with a removal pending'])(
    'lets the process end: closed %s',
    async (moment) => {
      const root = await folderWith(tree);
      const watcherUrl = new URL('../../dist/plugins/files/watcher.js', import.meta.url);
      const script = `
        import { watchFiles } from ${JSON.stringify(watcherUrl.href)};
        import { rmSync } from 'node:fs';
        const watcher = watchFiles(${JSON.stringify(root)}, () => undefined);
        if (${JSON.stringify(moment)} !== 'at once') await watcher.ready;
        if (${JSON.stringify(moment)} === 'with a removal pending') {
          rmSync(${JSON.stringify(join(root, '0/0.html'))});
          await new Promise(setImmediate);
        }
        await watcher.close();
      `;
      const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
        stdio: 'inherit',
      });
      onTestFinished(() => void child.kill('SIGKILL'));
      expect(await once(child, 'exit')).toEqual([0, null]);
    },
  );
});

describe('an error', () => {
  it('thrown by the listener is reported, and the next change is announced', async () => {
    const root = await folderWith({ 'a.html': 'one' });
    const errors: Error[] = [];
    let calls = 0;
    const watcher = watchFiles(
      root,
      () => {
        calls++;
        throw new Error('from the listener');
      },
      { onError: (error) => errors.push(error) },
    );
    onTestFinished(() => watcher.close());
    await watcher.ready;
    await writeFile(`${root}/a.html`, 'two');
    await expect.poll(() => calls).toBe(1);
    await writeFile(`${root}/a.html`, 'three');
    await expect.poll(() => calls).toBe(2);
    await expect.poll(() => errors.map(String)).toEqual(Array(2).fill('Error: from the listener'));
  });
});
