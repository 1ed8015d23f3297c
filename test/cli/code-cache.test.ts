import { execFileSync } from 'node:child_process';
import {
  chmod,
  mkdir,
  readdir,
  readFile,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCode, writeCode } from '../../server/code-cache.ts';
import { runCommandIn } from '../support/command-line.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const CODE = Buffer.from('compiled code');

describe('code that is kept', () => {
  it('comes back as it was', async () => {
    const path = join(temporaryDirectory(), 'not/there/yet');
    writeCode(path, CODE);
    expect(readCode(path)).toEqual(CODE);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('is not read where there is none', () => {
    expect(readCode('/nowhere/at/all')).toBeUndefined();
  });

  it.each([
    ['cut off', (content: Buffer) => content.subarray(0, -1)],
    ['empty', () => Buffer.alloc(0)],
    ['changed in one bit', (content: Buffer) => content.with(-1, (content.at(-1) ?? 0) ^ 1)],
  ])('is not read when it is %s', async (_, damage) => {
    const path = join(temporaryDirectory(), 'code');
    writeCode(path, CODE);
    await writeFile(path, damage(await readFile(path)));
    expect(readCode(path)).toBeUndefined();
  });

  it.runIf(process.platform !== 'win32')('is not read when others can write it', async () => {
    const path = join(temporaryDirectory(), 'code');
    writeCode(path, CODE);
    await chmod(path, 0o620);
    expect(readCode(path)).toBeUndefined();
  });

  it('is not read through a link', async () => {
    const directory = temporaryDirectory();
    writeCode(join(directory, 'code'), CODE);
    await symlink('code', join(directory, 'link'));
    expect(readCode(join(directory, 'link'))).toBeUndefined();
  });

  it('takes what nobody has renewed for a month with it', async () => {
    const directory = temporaryDirectory();
    const path = join(directory, 'old');
    writeCode(path, CODE);
    const then = Date.now() / 1000 - 31 * 24 * 60 * 60;
    await utimes(path, then, then);
    writeCode(join(directory, 'new'), CODE);
    expect(await readdir(directory)).toEqual(['new']);
  });

  it.runIf(process.platform !== 'win32')('is not waited for where there is a FIFO', () => {
    const path = join(temporaryDirectory(), 'code');
    execFileSync('mkfifo', [path]);
    expect(readCode(path)).toBeUndefined();
  });

  it('is neither kept nor cleared away behind a link to another folder', async () => {
    const directory = temporaryDirectory();
    await mkdir(join(directory, 'photos'));
    const photo = join(directory, 'photos/photo');
    await writeFile(photo, 'of long ago');
    await utimes(photo, 1, 1);
    await symlink('photos', join(directory, 'code'));
    writeCode(join(directory, 'code/new'), CODE);
    expect(await readdir(join(directory, 'photos'))).toEqual(['photo']);
  });

  it('is not written through a link', async () => {
    const directory = temporaryDirectory();
    await writeFile(join(directory, 'precious'), 'as it was');
    await symlink('precious', join(directory, `code.${process.pid}`));
    writeCode(join(directory, 'code'), CODE);
    expect(await readFile(join(directory, 'precious'), 'utf8')).toBe('as it was');
    expect(readCode(join(directory, 'code'))).toEqual(CODE);
  });

  it.runIf(process.platform !== 'win32')('is not kept where others can write', async () => {
    const directory = temporaryDirectory();
    await chmod(directory, 0o777);
    writeCode(join(directory, 'code'), CODE);
    expect(await readdir(directory)).toEqual([]);
  });

  it('leaves nothing behind that could not be finished', async () => {
    const directory = temporaryDirectory();
    // In the place that it would be moved to.
    await mkdir(join(directory, 'code/sub'), { recursive: true });
    writeCode(join(directory, 'code'), CODE);
    expect(await readdir(directory)).toEqual(['code']);
  });

  it('is done without where nothing can be kept', async () => {
    const directory = temporaryDirectory();
    await writeFile(join(directory, 'file'), '');
    expect(() => writeCode(join(directory, 'file/code'), CODE)).not.toThrow();
  });
});

describe('the command', () => {
  it('keeps its code once it serves, and starts with it, whatever has become of it', async () => {
    const home = temporaryDirectory();
    const folder = join(home, 'dev-serve/code');
    const site = temporaryDirectory();
    const surroundings = { env: { XDG_CACHE_HOME: home, NODE_DISABLE_COMPILE_CACHE: undefined } };
    const start = () => runCommandIn(surroundings, site, '--port', '0');
    // One that is being written has an ending more.
    const kept = async () =>
      (await readdir(folder).catch(() => [])).filter((it) => /-\w+$/.test(it));

    const first = start();
    await expect.poll(kept).toHaveLength(1);
    const [name = ''] = await kept();
    expect(readCode(join(folder, name))).toBeDefined();
    first.process.kill();

    const second = start();
    expect((await fetch(await second.url())).status).toBe(200);
    second.process.kill();

    await writeFile(join(folder, name), 'something else');
    expect((await fetch(await start().url())).status).toBe(200);
  });
});
