import { appendFile, chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { folderWith, type Watched, watchFolder, watchNow } from './watch-folder.ts';

const files = { 'index.html': 'one', 'css/a.css': 'one', 'logo.png': 'one', 'gone.html': 'one' };

async function expectChanges({ path, expectOnly }: Watched): Promise<void> {
  await writeFile(path('index.html'), 'two');
  await appendFile(path('logo.png'), 'two');
  await rm(path('gone.html'));
  await expectOnly('write /index.html', 'write /logo.png', 'remove /gone.html');
  await mkdir(path('new/deep'), { recursive: true });
  await writeFile(path('new/deep/a.html'), 'one');
  await expectOnly('create /new/deep/a.html');
  await writeFile(path('new/deep/a.html'), 'two');
  await rename(path('css/a.css'), path('css/b.css'));
  await expectOnly('write /new/deep/a.html', 'rename /css/a.css /css/b.css');
  await writeFile(path('index.html'), 'two');
  await expectOnly();
  await chmod(path('index.html'), 0o600);
  await expectOnly('chmod /index.html');
}

describe('polling', () => {
  afterEach(() => {
    delete process.env.CHOKIDAR_USEPOLLING;
    delete process.env.CHOKIDAR_INTERVAL;
  });

  it('finds what changes', async () => {
    await expectChanges(await watchFolder(files, { poll: 20 }));
  });

  it('is switched on by the variables of chokidar too', async () => {
    process.env.CHOKIDAR_USEPOLLING = 'true';
    process.env.CHOKIDAR_INTERVAL = '20';
    await expectChanges(await watchFolder(files));
  });

  it('looks as often as it is told', async () => {
    const watched = watchNow(await folderWith(files), { poll: 1000 });
    await watched.watcher.ready;
    const start = performance.now();
    await writeFile(watched.path('index.html'), 'two');
    await expect.poll(() => watched.seen, { timeout: 20_000, interval: 5 }).toHaveLength(1);
    expect(performance.now() - start).toBeGreaterThan(300);
  });

  it('follows a .gitignore', async () => {
    const { path, expectOnly } = await watchFolder(files, { poll: 20 });
    await writeFile(path('.gitignore'), '*.css\n');
    await expectOnly();
    await writeFile(path('css/a.css'), 'unseen');
    await writeFile(path('index.html'), 'seen');
    await expectOnly('write /index.html');
  });
});
