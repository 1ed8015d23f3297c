import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { takeCensus } from '../../plugins/files/census.ts';
import { Ignores } from '../../plugins/files/ignores.ts';
import { folderWith, watchNow } from './watch-folder.ts';

const ROUNDS = Array.from({ length: 12 }, (_, round) => round);
const plenty = { entries: 1000, milliseconds: 10_000 };

describe('files from before the start', () => {
  it.each(ROUNDS)('are not announced, however fresh (%i)', async () => {
    const root = await folderWith({ 'a/b/old.html': 'one' });
    writeFileSync(join(root, 'fresh.html'), 'one');
    const { watcher, expectOnly } = watchNow(root);
    await watcher.ready;
    await expectOnly();
  });
});

describe('changes while the watcher starts', () => {
  it.each(ROUNDS)('are announced, in the same moment with the same length (%i)', async () => {
    const root = await folderWith({ 'deep/er/a.html': 'one', 'gone.html': 'one' });
    writeFileSync(join(root, 'fresh.html'), 'one');
    const { path, expectOnly } = watchNow(root);
    writeFileSync(path('fresh.html'), 'two');
    writeFileSync(path('deep/er/a.html'), 'two');
    rmSync(path('gone.html'));
    mkdirSync(path('new'));
    writeFileSync(path('new/b.html'), 'one');
    await expectOnly(
      'write /fresh.html',
      'write /deep/er/a.html',
      'remove /gone.html',
      'create /new/b.html',
    );
  });

  it('are announced wherever the watcher is in its start', async () => {
    const names = Array.from({ length: 120 }, (_, index) => `${index % 12}/${index}.html`);
    const root = await folderWith(Object.fromEntries(names.map((name) => [name, 'one'])));
    const { path, expectOnly } = watchNow(root);
    for (const name of names) await writeFile(path(name), 'second');
    await expectOnly(...names.map((name) => `write /${name}`));
  });
});

describe('the census', () => {
  it('lists the files and says what it covers', async () => {
    const root = await folderWith({ 'a.html': 'one', 'b/c.html': 'two' });
    const census = takeCensus(root, new Ignores(root), plenty);
    expect([...census.files.keys()].toSorted()).toEqual(['a.html', 'b/c.html']);
    expect(census.covers('b/new.html')).toBe(true);
  });

  it.each([
    ['its time', { entries: 1000, milliseconds: -1 }],
    ['its number of entries', { entries: -1, milliseconds: 10_000 }],
  ])('leaves out folders beyond %s, and says so', async (_name, budget) => {
    const root = await folderWith({ 'a.html': 'one', 'b/c.html': 'two' });
    const census = takeCensus(root, new Ignores(root), budget);
    expect([...census.files.keys()]).toEqual([]);
    expect(census.covers('a.html')).toBe(false);
    expect(census.covers('b/c.html')).toBe(false);
  });

  it('of a missing folder is empty', () => {
    expect(takeCensus('/no/such/folder', new Ignores('/no/such/folder'), plenty).files.size).toBe(
      0,
    );
  });
});
