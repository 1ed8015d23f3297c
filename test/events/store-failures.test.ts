import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type { EventStore } from '../../plugins/events/store.ts';
import { memoryStore } from '../../plugins/events/stores/memory.ts';
import { newChannel, newHub, recordingSink } from '../support/event-hub.ts';
import { sseApp } from '../support/sse-app.ts';

const away = new Error('the store is away');

/** A memory store of which a verb fails as long as it is in `failing`. */
function failingStore(): { store: EventStore; failing: Set<keyof EventStore> } {
  const inner = memoryStore({ limit: 2000 });
  const failing = new Set<keyof EventStore>();
  const check = (verb: keyof EventStore) => {
    if (failing.has(verb)) throw away;
  };
  const store: EventStore = {
    async append(...args) {
      check('append');
      return inner.append(...args);
    },
    async read(...args) {
      check('read');
      return inner.read(...args);
    },
    async follow(...args) {
      check('follow');
      return inner.follow(...args);
    },
    close: () => inner.close(),
  };
  return { store, failing };
}

describe('when the store fails', () => {
  it('to be followed, readers are disconnected, and the next one tries again', async () => {
    const { store, failing } = failingStore();
    const channel = newChannel({ store });
    failing.add('follow');
    const first = recordingSink();
    channel.subscribe(first);
    await turn();
    expect(first.closed).toEqual([away]);
    await expect(channel.publish({ data: 1 })).rejects.toThrow(away);

    failing.clear();
    const second = recordingSink();
    channel.subscribe(second);
    await channel.publish({ data: 2 });
    await turn();
    expect(second.written.map(({ data }) => data)).toEqual(['{"recovered":true}', '2']);
  });

  it('to be read, the reader is disconnected and can resume from where it was', async () => {
    const { store, failing } = failingStore();
    const channel = newChannel({ store });
    const first = await channel.publish({ data: 1 });
    for (let n = 2; n <= 1000; n += 1) await channel.publish({ data: n });
    failing.add('read');
    const sink = recordingSink();
    channel.subscribe(sink, { lastEventId: first });
    await turn();
    expect(sink.closed).toEqual([away]);
    expect(sink.written).toEqual([]);

    failing.clear();
    const again = recordingSink();
    channel.subscribe(again, { lastEventId: first });
    await expect.poll(() => again.written.at(-1)?.data).toBe('1000');
    expect(again.written).toHaveLength(1000);
  });

  it('to append, publish() rejects and nothing is delivered', async () => {
    const { store, failing } = failingStore();
    const channel = newChannel({ store });
    const sink = recordingSink();
    channel.subscribe(sink);
    await channel.open();
    failing.add('append');
    await expect(channel.publish({ data: 1 })).rejects.toThrow(away);
    failing.clear();
    await channel.publish({ data: 2 });
    await turn();
    expect(sink.written.map(({ data }) => data)).toEqual(['{"recovered":true}', '2']);
  });
});

it('a hub that is closed while its store is opening follows it no longer', async () => {
  const { store } = failingStore();
  const stop = vi.fn();
  const hub = newHub({
    store: { ...store, follow: async (...args) => ({ ...(await store.follow(...args)), stop }) },
  });
  const opening = hub.open();
  await hub.close();
  await opening;
  expect(stop).toHaveBeenCalledTimes(1);
});

it('a store that was passed in is left open when the server closes', async () => {
  const { store } = failingStore();
  const close = vi.fn(store.close);
  const app = await sseApp({ store: { ...store, close } });
  await app.channel('news').publish({ data: 1 });
  await app.close();
  expect(close).not.toHaveBeenCalled();
});
