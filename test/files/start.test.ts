import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Census } from '../../plugins/files/census.ts';
import { Ignores } from '../../plugins/files/ignores.ts';
import { folderWith, watchNow } from './watch-folder.ts';

const ROUNDS = Array.from({ length: 12 }, (_, round) => round);
const plenty = { looks: 1000, names: 1000, milliseconds: 10_000 };

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
    const census = new Census(root, new Ignores(root), plenty);
    expect([...census.files.keys()].toSorted()).toEqual(['a.html', 'b/c.html']);
    expect(census.covers('b/new.html')).toBe(true);
    expect(census.rest().toSorted()).toEqual(['a.html', 'b/c.html']);
  });

  it('knows the rest by name only, beyond the files that it may look at', async () => {
    const root = await folderWith({ 'a.html': 'one', 'b/c.html': 'two' });
    const census = new Census(root, new Ignores(root), { ...plenty, looks: 1 });
    expect([...census.files.keys()]).toEqual(['a.html']);
    expect(census.covers('b/new.html')).toBe(true);
    expect(census.take('b/c.html')).toBe(true);
    expect(census.take('b/c.html')).toBe(false);
    expect(census.rest()).toEqual(['a.html']);
  });

  it.each([
    ['its time', { ...plenty, milliseconds: -1 }],
    ['its number of entries', { ...plenty, names: 0 }],
  ])('leaves out folders beyond %s, says so, and lists them later', async (_name, budget) => {
    const root = await folderWith({ 'a.html': 'one', 'b/c.html': 'two' });
    const census = new Census(root, new Ignores(root), budget);
    expect([...census.files.keys()]).toEqual([]);
    expect(census.covers('a.html')).toBe(false);
    expect(census.covers('b/c.html')).toBe(false);
    await census.complete(() => false);
    expect(census.rest().toSorted()).toEqual(['a.html', 'b/c.html']);
    expect(census.covers('b/new.html')).toBe(true);
  });

  it('does not name what is not watched', async () => {
    const root = await folderWith({ '.gitignore': '*.map\n/out', 'a.map': '1', 'out/b.html': '1' });
    const census = new Census(root, new Ignores(root), plenty);
    expect(census.rest()).toEqual([]);
  });

  it('of a missing folder is empty', () => {
    const census = new Census('/no/such/folder', new Ignores('/no/such/folder'), plenty);
    expect(census.files.size).toBe(0);
    expect(census.rest()).toEqual([]);
  });
});
