import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Frame } from '../../plugins/events/message.ts';
import { memoryStore } from '../../plugins/events/stores/memory.ts';
import { newHub, newStream } from '../support/event-hub.ts';

const READERS = 1000;
const EVENTS = 1000;

it('a thousand readers that return at once for a thousand events each share their bytes', async () => {
  const store = memoryStore({ limit: 2 * EVENTS });
  let reads = 0;
  const hub = newHub({
    store: {
      append: (...args) => store.append(...args),
      read: (...args) => {
        reads += 1;
        return store.read(...args);
      },
      follow: (listener) => store.follow(listener),
      close: () => store.close(),
    },
  });
  const channel = hub.channel('news');
  const first = await channel.publish({ data: 'before the outage' });
  for (let n = 1; n <= EVENTS; n += 1) await channel.publish({ data: `${n} ${'x'.repeat(100)}` });

  const buffers = new Set<Buffer>();
  let bytes = 0;
  let finished = 0;
  const streams = Array.from({ length: READERS }, () => newStream(hub, channel, {}, first));
  for (const stream of streams) {
    stream.on('data', (chunk: Buffer) => {
      buffers.add(chunk);
      bytes += chunk.length;
      if (chunk.includes(`id: ${channel.lastEventId}\n`)) finished += 1;
    });
  }
  await expect.poll(() => finished, { timeout: 20_000 }).toBe(READERS);

  expect(bytes).toBeGreaterThan(READERS * EVENTS * 100);
  // Each reader's own are its reconnection time and its first position.
  const shared = [...buffers].filter(({ length }) => length > 200);
  expect(shared.length).toBeLessThan(20);
  expect(reads).toBeLessThan(20);
});

it('readers that return at once catch up with what is published meanwhile', async () => {
  const hub = newHub();
  const channel = hub.channel('news');
  const first = await channel.publish({ data: 'before the outage' });
  for (let n = 1; n <= 500; n += 1) await channel.publish({ data: 'missed' });
  const places: string[] = [];
  for (let n = 0; n < 3 * READERS; n += 1) {
    const write = (slice: readonly Frame[]) => {
      places[n] = slice.at(-1)?.id ?? '';
      return true;
    };
    channel.subscribe({ write, close() {} }, { lastEventId: first });
  }
  // More than memory holds for live readers, before all of them have theirs.
  for (let turns = 0; turns < 200; turns += 1) {
    for (let n = 0; n < 16; n += 1) void channel.publish({ data: 'x' });
    await nextTurn();
  }
  const head = Number(channel.lastEventId?.split('-').at(-1));
  const behind = places.map((id) => head - Number(id.split('-').at(-1)));
  expect(Math.max(...behind)).toBeLessThan(100);
});
