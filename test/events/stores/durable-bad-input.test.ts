import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { open as openLmdb } from 'lmdb';
import { describe, expect, it } from 'vitest';
import { durableStore } from '../../../plugins/events/stores/durable.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const PATH = { code: 'DEV_SERVE_ERR_STORE_PATH' };
const DAMAGED = { code: 'DEV_SERVE_ERR_STORE_DAMAGED' };

/** The path of a closed store with some entries. */
async function used(): Promise<string> {
  const path = temporaryDirectory();
  const store = await durableStore({ path });
  const event = { event: 'message', data: 'x'.repeat(3000) };
  await Promise.all(Array.from({ length: 100 }, () => store.append('a', event)));
  await store.close();
  return path;
}

describe('a durable store', () => {
  it.each(['', 5, undefined, null])('refuses the path %j', async (path) => {
    await expect(Reflect.apply(durableStore, undefined, [{ path }])).rejects.toMatchObject({
      code: 'DEV_SERVE_ERR_INVALID_OPTION',
    });
  });

  it('refuses a durability there is not, and limits that are none', async () => {
    for (const wrong of [
      { durability: 'maybe' },
      { limit: 0 },
      { maxAge: -1 },
      { maxBytes: 0.5 },
    ]) {
      const options = { path: temporaryDirectory(), ...wrong };
      await expect(Reflect.apply(durableStore, undefined, [options])).rejects.toMatchObject({
        code: 'DEV_SERVE_ERR_INVALID_OPTION',
      });
    }
  });

  it('makes the directories on its way', async () => {
    const path = join(temporaryDirectory(), 'one', 'two');
    await (await durableStore({ path })).close();
    expect(existsSync(join(path, 'data.mdb'))).toBe(true);
  });

  it('says so when its path is a file, or below one', async () => {
    const file = join(temporaryDirectory(), 'file');
    writeFileSync(file, 'x');
    for (const path of [file, join(file, 'below')]) {
      await expect(durableStore({ path })).rejects.toMatchObject(PATH);
      await expect(durableStore({ path })).rejects.toThrow(`"${path}"`);
    }
    expect(readFileSync(file, 'utf8')).toBe('x');
  });

  it('leaves a database alone that is of somebody else', async () => {
    const path = temporaryDirectory();
    const foreign = openLmdb(path, { noSubdir: false });
    await foreign.put('key', 'value');
    await foreign.close();
    await expect(durableStore({ path })).rejects.toMatchObject(DAMAGED);
    const again = openLmdb(path, { noSubdir: false });
    expect(again.get('key')).toBe('value');
    await again.close();
  });

  it.each([
    ['text', Buffer.from('not a database')],
    ['noise', Buffer.alloc(50_000, 7)],
    ['zeros', Buffer.alloc(50_000)],
  ])('says so when its data is %s, and opens nothing', async (_, data) => {
    const path = await used();
    writeFileSync(join(path, 'data.mdb'), data);
    await expect(durableStore({ path })).rejects.toMatchObject(DAMAGED);
    await expect(durableStore({ path })).rejects.toThrow(/Move the directory away/);
    expect(readFileSync(join(path, 'data.mdb')).equals(data)).toBe(true);
  });

  it('says so when its data was cut off', async () => {
    for (const size of [5000, 9000, 100_000]) {
      const path = await used();
      truncateSync(join(path, 'data.mdb'), size);
      await expect(durableStore({ path })).rejects.toMatchObject(DAMAGED);
    }
  });

  it('says so when its mark is damaged', async () => {
    for (const text of ['', '{', '{"clean":1}']) {
      const path = await used();
      writeFileSync(join(path, 'mark.json'), text);
      await expect(durableStore({ path })).rejects.toMatchObject(DAMAGED);
    }
  });

  it('begins anew when its data was taken away, and when its directory was', async () => {
    const path = await used();
    writeFileSync(join(path, 'data.mdb'), '');
    const store = await durableStore({ path });
    expect((await store.follow(() => undefined)).head).toBe(0);
    await store.close();
  });

  it('is not hindered by a lock file that is nonsense', async () => {
    const path = await used();
    writeFileSync(join(path, 'lock.mdb'), Buffer.alloc(9000, 255));
    const store = await durableStore({ path });
    expect((await store.follow(() => undefined)).head).toBe(100);
    await store.close();
  });

  it('can be opened again after it was refused', async () => {
    const path = await used();
    const good = readFileSync(join(path, 'data.mdb'));
    writeFileSync(join(path, 'data.mdb'), 'bad');
    await expect(durableStore({ path })).rejects.toMatchObject(DAMAGED);
    writeFileSync(join(path, 'data.mdb'), good);
    const store = await durableStore({ path });
    expect((await store.follow(() => undefined)).head).toBe(100);
    await store.close();
  });
});

describe('without the package lmdb', () => {
  it('everything else loads, and opening a durable store says what to install', async () => {
    const directory = temporaryDirectory();
    cpSync('dist/plugins', join(directory, 'plugins'), { recursive: true });
    writeFileSync(join(directory, 'package.json'), '{"type":"module"}');
    mkdirSync(join(directory, 'node_modules/@fastify'), { recursive: true });
    const installed = 'node_modules/@fastify/error';
    symlinkSync(resolve(installed), join(directory, installed));
    const program = `
      import { durableStore } from './plugins/events/stores/durable.js';
      const error = await durableStore({ path: './log' }).catch((error) => error);
      console.log(error.code, error.message);
    `;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', program],
      { cwd: directory },
    );
    expect(stdout).toContain('DEV_SERVE_ERR_STORE_PACKAGE');
    expect(stdout).toContain('npm install lmdb');
    expect(existsSync(join(directory, 'log'))).toBe(false);
  });
});
