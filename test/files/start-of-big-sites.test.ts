import { chmodSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { WatchOptions } from '../../plugins/files/watcher.ts';
import { inForm, isLong } from '../support/faults/form.ts';
import { folderWith, type Watched, watchNow } from './watch-folder.ts';

const FOLDERS = inForm(120, 2000);
const PER_FOLDER = 10;
const long = { timeout: inForm(120_000, 300_000) };

/** Twenty folders of many folders: far more than what is looked at before the start returns. */
const folderAt = (n: number) => `${n % 20}/d${n}`;
/** Folders from all over the site: none is the first one that the watcher comes to, for each test. */
const PLACES = [3, 4, 70, 71, 100, 101, FOLDERS - 2, FOLDERS - 1].map(folderAt);

/** Changes everything that can be changed, @returns what is to be told */
function changeAll({ path }: Watched, folder: string): string[] {
  const told: string[] = [];
  const page = (n: number) => `${folder}/p${n}.html`;
  writeFileSync(path(page(0)), 'two');
  told.push(`write /${page(0)}`);
  rmSync(path(page(1)));
  told.push(`remove /${page(1)}`);
  renameSync(path(page(2)), path(`${folder}/new.html`));
  told.push(`remove /${page(2)}`, `create /${folder}/new.html`);
  // As an editor saves: beside it, and over it.
  writeFileSync(path(`${folder}/save.tmp`), 'two');
  renameSync(path(`${folder}/save.tmp`), path(page(3)));
  told.push(`write /${page(3)}`);
  renameSync(path(page(4)), path(page(5)));
  told.push(`remove /${page(4)}`, `write /${page(5)}`);
  rmSync(path(page(6)));
  writeFileSync(path(page(6)), 'two');
  told.push(`write /${page(6)}`);
  mkdirSync(path(`${folder}/made`));
  writeFileSync(path(`${folder}/made/a.html`), 'one');
  told.push(`create /${folder}/made/a.html`);
  writeFileSync(path(`${folder}/b.html`), 'one');
  rmSync(path(`${folder}/b.html`));
  chmodSync(path(page(7)), 0o600);
  told.push(`write /${page(7)}`);
  return told;
}

const files = Array.from({ length: PER_FOLDER }, (_, n) => `p${n}.html`);

/** @returns what is to be told, of these three folders, one is removed, one is moved, one replaced */
function changeFolders({ path }: Watched, [gone, moved, replaced]: readonly string[]): string[] {
  rmSync(path(`${gone}`), { recursive: true });
  renameSync(path(`${moved}`), path(`${moved}-new`));
  rmSync(path(`${replaced}`), { recursive: true });
  // Its files have not been touched since before the start.
  renameSync(path('../other'), path(`${replaced}`));
  return files.flatMap((name) => [
    `remove /${gone}/${name}`,
    `remove /${moved}/${name}`,
    `create /${moved}-new/${name}`,
    `write /${replaced}/${name}`,
  ]);
}

/** A rename as its halves: of a file that nobody has looked at, no more can be told. */
function halves(change: string): string[] {
  const [operation, path, to] = change.split(' ');
  if (operation === 'rename') return [`remove ${path}`, `create ${to}`];
  return [`${operation === 'chmod' ? 'write' : operation} ${path}`];
}

/** The times of files lag behind the clock: a change of the same moment would look older. */
function tickClock(file: string): void {
  const start = Date.now() + 2;
  do writeFileSync(file, '');
  while (statSync(file).mtimeMs < start);
}

function swapFolders(one: string, other: string): void {
  renameSync(one, `${one} aside`);
  renameSync(other, one);
  renameSync(`${one} aside`, other);
}

async function bigSite(options: WatchOptions = {}): Promise<Watched> {
  const root = await folderWith({});
  for (let folder = 0; folder < FOLDERS; folder++) {
    mkdirSync(`${root}/${folderAt(folder)}`, { recursive: true });
    for (const name of files) {
      writeFileSync(`${root}/${folderAt(folder)}/${name}`, `${name} of ${folder}`);
    }
  }
  mkdirSync(`${root}/../other`);
  for (const name of files) writeFileSync(`${root}/../other/${name}`, 'other');
  return watchNow(root, options);
}

/** A big site, and how often it was told that nobody knows what has changed in it. */
async function bigSiteWithLosses() {
  let losses = 0;
  const watched = await bigSite({ onLoss: () => losses++ });
  return { watched, losses: () => losses };
}

async function expectTold(
  watched: Watched,
  told: readonly string[],
  losses: () => number,
): Promise<void> {
  const { seen, watcher, expectOnly } = watched;
  if (isLong) await watcher.ready;
  // A busy machine does not list so many names in the time there is for it; and says so.
  if (isLong && losses() > 0) return;
  await expect
    .poll(() => seen.flatMap(halves).toSorted(), { timeout: 60_000, interval: 100 })
    .toEqual(told.toSorted());
  await watcher.ready;
  expect(seen.flatMap(halves).toSorted()).toEqual(told.toSorted());
  seen.length = 0;
  expect(losses()).toBe(0);
  // And nothing after that.
  await expectOnly();
}

describe(`changes in a site of ${FOLDERS * PER_FOLDER} files`, long, () => {
  it('are told if they are made as soon as the watcher is there', async () => {
    const { watched, losses } = await bigSiteWithLosses();
    const told = PLACES.flatMap((place) => changeAll(watched, place));
    told.push(...changeFolders(watched, [5, 72, FOLDERS - 3].map(folderAt)));
    await expectTold(watched, told, losses);
  });

  it('are told if they are made while the watcher reads it', async () => {
    const { watched, losses } = await bigSiteWithLosses();
    const told: string[] = [];
    for (const [n, place] of PLACES.entries()) {
      for (let turn = 0; turn < 10 * n; turn++) await nextTurn();
      told.push(...changeAll(watched, place));
      if (n === 4) told.push(...changeFolders(watched, [5, 72, FOLDERS - 3].map(folderAt)));
    }
    await expectTold(watched, told, losses);
  });

  it.each(['has gone', 'has come in the place of another'])(
    'are a loss where a folder %s before it is read',
    async (kind) => {
      let losses = 0;
      let begin = () => {};
      const free = new Promise<void>((resolve) => {
        begin = resolve;
      });
      const { path, watcher } = await bigSite({ free, onLoss: () => losses++ });
      const last = path(folderAt(FOLDERS - 1));
      tickClock(path('../tick'));
      if (kind === 'has gone') rmSync(last, { recursive: true });
      else swapFolders(last, path('../other'));
      begin();
      await watcher.ready;
      expect(losses).toBe(1);
    },
  );

  it.each(['a loss', 'no loss'])('are told, with %s, where it is read later', async (kind) => {
    let losses = 0;
    let begin = () => {};
    const free = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const watched = await bigSite({ free, onLoss: () => losses++ });
    const { path, seen, watcher } = watched;
    tickClock(path('../tick'));
    for (let folder = 0; folder < FOLDERS; folder++) {
      writeFileSync(path(`${folderAt(folder)}/p0.html`), 'two');
      if (kind === 'a loss') rmSync(path(`${folderAt(folder)}/p1.html`));
    }
    for (let turn = 0; turn < 10; turn++) await nextTurn();
    expect([seen, losses]).toEqual([[], 0]);
    begin();
    await watcher.ready;
    const told = (operation: string) => seen.filter((change) => change.startsWith(operation));
    await expect.poll(() => told('write')).toHaveLength(FOLDERS);
    expect(losses).toBe(kind === 'a loss' ? 1 : 0);
    // Of the folders that were not listed yet, nobody knows what was in them.
    expect(told('remove').length).toBeLessThan(FOLDERS);
    rmSync(path(`${folderAt(FOLDERS - 1)}/p2.html`));
    await expect.poll(() => seen).toContain(`remove /${folderAt(FOLDERS - 1)}/p2.html`);
  });
});
