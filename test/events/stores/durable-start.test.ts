import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge, parseMark } from '../../../plugins/events/stores/durable/start.ts';
import { durableStore } from '../../../plugins/events/stores/durable.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const EVENT = { event: 'message', data: 'x' };

describe('a log found on disk', () => {
  it('goes on when it was closed, when it was flushed, and when the machine has not restarted', () => {
    const durability = 'commit';
    expect(judge(undefined, 'b')).toBe('continue');
    expect(judge({ clean: true, durability, bootId: 'a' }, 'b')).toBe('continue');
    expect(judge({ clean: true, durability }, undefined)).toBe('continue');
    expect(judge({ clean: false, durability: 'flush', bootId: 'a' }, 'b')).toBe('continue');
    expect(judge({ clean: false, durability: 'flush' }, undefined)).toBe('continue');
    expect(judge({ clean: false, durability, bootId: 'a' }, 'a')).toBe('continue');
  });

  it('begins anew when its end was left to a machine that has restarted, or may have', () => {
    const durability = 'commit';
    expect(judge({ clean: false, durability, bootId: 'a' }, 'b')).toBe('anew');
    expect(judge({ clean: false, durability, bootId: 'a' }, undefined)).toBe('anew');
    expect(judge({ clean: false, durability }, 'b')).toBe('anew');
    expect(judge({ clean: false, durability }, undefined)).toBe('anew');
  });
});

describe('a mark', () => {
  it('is read as it was written', () => {
    const bootId = fc.option(fc.string(), { nil: undefined });
    const durability = fc.constantFrom('commit', 'flush');
    fc.assert(
      fc.property(fc.record({ clean: fc.boolean(), durability, bootId }), (mark) => {
        expect(parseMark(JSON.stringify(mark))).toEqual(mark);
      }),
    );
  });

  it('is told from anything else', () => {
    for (const text of ['', '{', 'null', '[]', '1', '{}', '{"clean":true}', '{"clean":1}']) {
      expect(parseMark(text)).toBeUndefined();
    }
    expect(parseMark('{"clean":true,"durability":"maybe"}')).toBeUndefined();
    expect(parseMark('{"clean":true,"durability":"flush","bootId":5}')).toBeUndefined();
    fc.assert(fc.property(fc.string(), (text) => void parseMark(text)));
  });
});

describe.each([
  { durability: 'commit', afterReboot: 'begins anew' },
  { durability: 'flush', afterReboot: 'goes on' },
] as const)('a durable store ($durability) that was not closed', ({ durability, afterReboot }) => {
  /** What a killed process would have left: a copy of the files while the store is open. */
  async function unclean() {
    const [open, path] = [temporaryDirectory(), temporaryDirectory()];
    const store = await durableStore({ path: open, durability });
    const { epoch } = await store.follow(() => undefined);
    for (let n = 0; n < 5; n += 1) await store.append('a', EVENT);
    for (const name of ['data.mdb', 'mark.json']) copyFileSync(join(open, name), join(path, name));
    await store.close();
    return { path, epoch };
  }

  it('goes on after a start on the same boot', async () => {
    const { path, epoch } = await unclean();
    const store = await durableStore({ path, durability });
    expect(await store.follow(() => undefined)).toMatchObject({ epoch, head: 5 });
    await store.close();
  });

  it(`${afterReboot} after a start on another boot`, async () => {
    const { path, epoch } = await unclean();
    const mark = JSON.parse(readFileSync(join(path, 'mark.json'), 'utf8'));
    expect(mark).toMatchObject({ clean: false, durability });
    writeFileSync(join(path, 'mark.json'), JSON.stringify({ ...mark, bootId: 'another' }));
    const store = await durableStore({ path, durability });
    const tail = await store.follow(() => undefined);
    const page = await store.read('a', { epoch, seq: 0 }, 10);
    if (afterReboot === 'goes on') {
      expect(tail).toMatchObject({ epoch, head: 5 });
      expect(page.entries).toHaveLength(5);
    } else {
      expect(tail.epoch).not.toBe(epoch);
      expect(tail.head).toBe(0);
      expect(page).toEqual({ entries: [], gap: true });
    }
    await store.close();
  });

  it('goes on when it is opened with the other durability', async () => {
    const { path, epoch } = await unclean();
    const other = durability === 'commit' ? 'flush' : 'commit';
    const store = await durableStore({ path, durability: other });
    expect(await store.follow(() => undefined)).toMatchObject({ epoch, head: 5 });
    expect((await store.append('a', EVENT)).seq).toBe(6);
    await store.close();
  });

  it('goes on after a clean close whatever the boot', async () => {
    const path = temporaryDirectory();
    const first = await durableStore({ path, durability });
    const { epoch } = await first.follow(() => undefined);
    await first.append('a', EVENT);
    await first.close();
    const mark = JSON.parse(readFileSync(join(path, 'mark.json'), 'utf8'));
    expect(mark.clean).toBe(true);
    writeFileSync(join(path, 'mark.json'), JSON.stringify({ ...mark, bootId: 'another' }));
    const store = await durableStore({ path, durability });
    expect(await store.follow(() => undefined)).toMatchObject({ epoch, head: 1 });
    await store.close();
  });
});
