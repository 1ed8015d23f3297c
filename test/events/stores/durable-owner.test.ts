import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { own } from '../../../plugins/events/stores/durable/owner.ts';
import { durableStore } from '../../../plugins/events/stores/durable.ts';
import { startWriter } from '../../support/durable-writer.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const IN_USE = { code: 'DEV_SERVE_ERR_STORE_IN_USE' };

describe('a directory with an open durable store', () => {
  it('is refused to a second store of the same process, until the first is closed', async () => {
    const path = temporaryDirectory();
    const first = await durableStore({ path });
    await expect(durableStore({ path })).rejects.toMatchObject(IN_USE);
    await expect(durableStore({ path: `${path}/../${path.split('/').at(-1)}/` })).rejects.toThrow(
      path,
    );
    await first.append('a', { event: 'message', data: 'the refused ones have harmed nothing' });
    await first.close();
    const second = await durableStore({ path });
    expect((await second.follow(() => undefined)).head).toBe(1);
    await second.close();
  });

  it('is refused under another name', async () => {
    const path = temporaryDirectory();
    const alias = join(temporaryDirectory(), 'alias');
    symlinkSync(path, alias);
    const first = await durableStore({ path });
    await expect(durableStore({ path: alias })).rejects.toMatchObject(IN_USE);
    await first.close();
  });

  it('is refused to another process', async () => {
    const path = temporaryDirectory();
    const store = await durableStore({ path });
    const writer = await startWriter({ path });
    const { open, errors } = await writer.kill();
    expect(open).toBe(false);
    expect(errors).toContain(IN_USE.code);
    expect(errors).toContain(path);
    await store.close();
  });

  it('is refused while another process has it, and free as soon as that one is killed', async () => {
    const path = temporaryDirectory();
    for (let round = 0; round < 3; round += 1) {
      const writer = await startWriter({ path, atOnce: 1 });
      await expect(durableStore({ path })).rejects.toMatchObject(IN_USE);
      expect((await writer.kill()).open).toBe(true);
      await (await durableStore({ path })).close();
    }
  });

  it('is refused in a directory too deep for the path of a socket', async () => {
    const path = join(temporaryDirectory(), 'd'.repeat(120), 'e'.repeat(120));
    const first = await durableStore({ path });
    await expect(durableStore({ path })).rejects.toMatchObject(IN_USE);
    await first.close();
    const writer = await startWriter({ path, atOnce: 1 });
    expect((await writer.kill()).open).toBe(true);
    await (await durableStore({ path })).close();
  });
});

describe('owning a directory', () => {
  it('is given to one of many that ask at once, dead owner or none', async () => {
    const path = temporaryDirectory();
    for (let round = 0; round < 20; round += 1) {
      const asked = await Promise.all(Array.from({ length: 12 }, () => own(path)));
      const owners = asked.filter((owner) => owner !== undefined);
      expect(owners).toHaveLength(1);
      expect(await own(path)).toBeUndefined();
      await Promise.all(owners.map((owner) => owner.release()));
    }
  });

  it('leaves one small file behind, however often it changes hands', async () => {
    const path = temporaryDirectory();
    for (let round = 0; round < 5; round += 1) await (await own(path))?.release();
    expect(readdirSync(path)).toHaveLength(1);
  });

  it('does not take a claim for alive because something else is there', async () => {
    const claims = ['', 'live-aaaaaaaaaaaa.sock', '/nowhere/at/all', 'file', 'directory', '\0'];
    for (const address of claims) {
      const path = temporaryDirectory();
      writeFileSync(join(path, 'file'), '');
      mkdirSync(join(path, 'directory'));
      writeFileSync(join(path, 'owner.7'), address);
      const owner = await own(path);
      expect({ address, owned: owner !== undefined }).toEqual({ address, owned: true });
      expect(existsSync(join(path, 'owner.8'))).toBe(true);
      await owner?.release();
    }
  });

  it('takes a claim for alive whose socket is listened on, whoever does', async () => {
    const path = temporaryDirectory();
    const server = createServer().listen(join(path, 'live-0123456789ab.sock'));
    writeFileSync(join(path, 'owner.1'), 'live-0123456789ab.sock');
    await expect.poll(() => server.listening).toBe(true);
    expect(await own(path)).toBeUndefined();
    server.close();
  });
});
