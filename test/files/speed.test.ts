import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { watchFiles } from '../../plugins/files/watcher.ts';
import { folderWith } from './watch-folder.ts';

const hash = (content: Uint8Array) => createHash('sha1').update(content).digest('hex');

/** The time is the promise: on a busy machine there may be none left for it. */
const timed = { retry: 3 };

describe('a change', () => {
  it('is announced a few milliseconds after the write', timed, async () => {
    const root = await folderWith({ 'a.html': 'one' });
    let announced: (at: number) => void = () => undefined;
    const watcher = watchFiles(root, () => announced(performance.now()));
    onTestFinished(() => watcher.close());
    await watcher.ready;
    const delays: number[] = [];
    for (let round = 0; round < 30; round++) {
      const next = new Promise<number>((resolve) => {
        announced = resolve;
      });
      const written = writeFile(`${root}/a.html`, `content ${round}`).then(() => performance.now());
      delays.push((await next) - (await written));
    }
    const median = delays.toSorted((a, b) => a - b)[15];
    expect(median).toBeLessThan(20);
  });

  it('is announced without waiting for any timer', async () => {
    const root = await folderWith({ 'a.html': 'one' });
    let announced: () => void = () => undefined;
    const watcher = watchFiles(root, () => announced());
    onTestFinished(() => watcher.close());
    await watcher.ready;
    vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    for (const content of ['two', 'three']) {
      const next = new Promise<void>((resolve) => {
        announced = resolve;
      });
      await writeFile(`${root}/a.html`, content);
      await next;
    }
  });

  it.each(['alone', 'beside a file that never rests'])(
    'that is a removal is announced soon after the grace, %s',
    timed,
    async (company) => {
      const names = Array.from({ length: 9 }, (_, index) => `${index}.html`);
      const files = Object.fromEntries(names.map((name) => [name, 'one']));
      const root = await folderWith({ ...files, 'restless.html': 'one' });
      let announced: () => void = () => undefined;
      const watcher = watchFiles(root, ({ operation }) => operation === 'remove' && announced());
      onTestFinished(() => watcher.close());
      await watcher.ready;
      let rests = company === 'alone';
      const restless = (async () => {
        for (let n = 0; !rests; n++) await writeFile(`${root}/restless.html`, `${n}`);
      })();
      const delays: number[] = [];
      for (const name of names) {
        const next = new Promise<void>((resolve) => {
          announced = resolve;
        });
        await rm(`${root}/${name}`);
        const start = performance.now();
        await next;
        delays.push(performance.now() - start);
      }
      rests = true;
      await restless;
      const median = delays.toSorted((a, b) => a - b)[4];
      expect(median).toBeGreaterThan(40);
      expect(median).toBeLessThan(150);
    },
  );

  it('is never the one before the last: what was announced last is what the disk holds', async () => {
    const root = await folderWith({ 'a.html': 'one' });
    const file = `${root}/a.html`;
    let latest = '';
    const watcher = watchFiles(root, () => {
      latest = hash(readFileSync(file));
    });
    onTestFinished(() => watcher.close());
    await watcher.ready;
    let last = '';
    for (let write = 0; write < 200; write++) {
      const content = Buffer.alloc(1 + ((write * 7919) % 700_000), `${write},`);
      await writeFile(file, content);
      last = hash(content);
      await pause((write * 13) % 9);
    }
    await expect.poll(() => latest, { timeout: 20_000, interval: 5 }).toBe(last);
  });
});
