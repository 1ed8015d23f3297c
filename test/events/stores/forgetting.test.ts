import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { EventStore } from '../../../plugins/events/store.ts';
import { durableStore } from '../../../plugins/events/stores/durable.ts';
import { memoryStore } from '../../../plugins/events/stores/memory.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const CHANNELS = 10_000;
const MEBIBYTE = 2 ** 20;

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

function usedMemory(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const OPENERS: Record<string, (maxAge: number) => Promise<EventStore>> = {
  memory: async (maxAge) => memoryStore({ maxAge }),
  durable: (maxAge) => durableStore({ maxAge, path: temporaryDirectory() }),
};

describe.each(Object.entries(OPENERS))('ten thousand channels, used once, in %s', (_, open) => {
  it('are forgotten without another append, and so is their memory', async () => {
    // Long enough for all to be there at once.
    const store = await open(6000);
    const { epoch } = await store.follow(() => undefined);
    const event = { event: 'message', data: 'x'.repeat(1000) };
    const before = usedMemory();
    const names = Array.from({ length: CHANNELS }, (_, n) => `channel-${n}`);
    await Promise.all(names.map((name) => store.append(name, event)));
    const last = await store.read(names.at(-1) ?? '', { epoch, seq: 0 }, 1);
    expect(last.entries).toHaveLength(1);

    // A channel nobody has heard of: known to have no gap until others were forgotten.
    const unknown = () => store.read('unknown', { epoch, seq: CHANNELS - 1 }, 1);
    expect((await unknown()).gap).toBe(false);
    await expect.poll(unknown, { timeout: 20_000 }).toEqual({ entries: [], gap: true });
    await expect.poll(() => usedMemory() - before).toBeLessThan(2 * MEBIBYTE);
    for (const name of ['channel-0', 'channel-5000', 'channel-9999']) {
      expect(await store.read(name, { epoch, seq: 0 }, 1)).toEqual({ entries: [], gap: true });
    }
    await store.close();
  });
});
