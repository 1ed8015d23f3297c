import { describe, expect, it } from 'vitest';
import type { EventStore } from '../../../plugins/events/store.ts';
import { durableStore } from '../../../plugins/events/stores/durable.ts';
import { startWriter } from '../../support/durable-writer.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const CHANNELS = 3;

/** All that is kept, in the order of numbers. */
async function contents(store: EventStore) {
  const { epoch } = await store.follow(() => undefined);
  const names = Array.from({ length: CHANNELS }, (_, n) => `channel-${n}`);
  const pages = await Promise.all(
    names.map((name) => store.read(name, { epoch, seq: 0 }, 1_000_000)),
  );
  expect(pages.map(({ gap }) => gap)).toEqual(names.map(() => false));
  return pages.flatMap(({ entries }) => entries).sort((a, b) => a.seq - b.seq);
}

describe.each(['commit', 'flush'] as const)('a durable store (%s) after kill -9', (durability) => {
  it('has every acknowledged entry, under the same epoch, and numbers go on', async () => {
    const path = temporaryDirectory();
    const epochs = new Set<string>();
    let [acknowledged, head] = [0, 0];
    for (let round = 0; round < 4; round += 1) {
      const writer = await startWriter({ path, durability, channels: CHANNELS, atOnce: 16 });
      await writer.stored(150 + round * 70);
      const { open, stored, reported, errors } = await writer.kill();
      expect({ open, errors }).toEqual({ open: true, errors: '' });

      const store = await durableStore({ path, durability, limit: 1_000_000 });
      const kept = await contents(store);
      const byId = new Map(kept.map((entry) => [entry.id, entry]));
      for (const { id, channel, data } of stored) {
        expect(byId.get(id)).toMatchObject({ channel, data });
      }
      for (const id of reported) expect(byId.has(id)).toBe(true);
      expect(kept.map(({ seq }) => seq)).toEqual(kept.map((_, index) => index + 1));
      const tail = await store.follow(() => undefined);
      expect(tail.head).toBe(kept.length);
      expect(tail.head).toBeGreaterThanOrEqual(head + stored.length);
      epochs.add(tail.epoch);

      const next = await store.append('channel-0', { event: 'message', data: 'between' });
      expect(next.seq).toBe(tail.head + 1);
      acknowledged += stored.length + 1;
      head = next.seq;
      // Every second round ends without a clean close as well, by way of the next writer's kill.
      await store.close();
    }
    expect(epochs.size).toBe(1);
    expect(acknowledged).toBeGreaterThan(800);
  });

  it('starts again and again without ever being closed', async () => {
    const path = temporaryDirectory();
    const stored = [];
    for (let round = 0; round < 4; round += 1) {
      const writer = await startWriter({ path, durability, channels: CHANNELS, atOnce: 4 });
      await writer.stored(20);
      const written = await writer.kill();
      expect(written.errors).toBe('');
      stored.push(...written.stored);
    }
    const store = await durableStore({ path, durability, limit: 1_000_000 });
    const kept = await contents(store);
    expect(kept.map(({ seq }) => seq)).toEqual(kept.map((_, index) => index + 1));
    const ids = new Set(kept.map(({ id }) => id));
    expect(stored.filter(({ id }) => !ids.has(id))).toEqual([]);
    expect(new Set(stored.map(({ id }) => id)).size).toBe(stored.length);
    await store.close();
  });
});
