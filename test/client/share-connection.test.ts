import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FeedListener } from '../../client/events/feed.ts';
import type { Asking, Telling } from '../../client/events/messages.ts';
import { shareConnection } from '../../client/events/share-connection.ts';

const route = {
  url: 'http://127.0.0.1/news',
  websocket: undefined,
  headers: undefined,
  withCredentials: false,
};
const position = (id: string, recovered = true) => ({
  id,
  event: 'dev-serve:position',
  data: JSON.stringify({ recovered }),
});
const tick = (id: string) => ({ id, event: 'tick', data: '1' });

/** Locks that another tab holds; a stolen one is granted. */
const locks = {
  stolen: 0,
  request(_name: string, { steal }: LockOptions, granted: () => Promise<void>): Promise<void> {
    if (!steal) return new Promise(() => {});
    locks.stolen++;
    return granted();
  },
};

/** A tab that follows, and the other end of its channel, which leads as the test says. */
async function follow(cursor = '') {
  const name = `test ${crypto.randomUUID()}`;
  const channel = new BroadcastChannel(name);
  const asked: Asking[] = [];
  channel.onmessage = ({ data }) => asked.push(data);
  const frame = vi.fn<FeedListener['frame']>();
  const failed = vi.fn<FeedListener['failed']>();
  const feed = shareConnection(name, route, cursor, ['tick'], { frame, failed });
  const heard = channels.at(-1) ?? expect.fail('no channel');
  await expect.poll(() => asked.length).toBe(1);
  const tab = asked[0]?.tab ?? '';
  /** Resolves when the tab has heard it: its own listener is the first. */
  const tell = async (telling: Partial<Telling>) => {
    const message = once(heard, 'message');
    channel.postMessage({ leader: 'a', ...telling });
    await message;
  };
  const ids = () => frame.mock.calls.map(([{ id }]) => id);
  const end = () => {
    feed.close();
    channel.close();
  };
  ends.push(end);
  return { asked, tab, tell, ids, frame, failed, feed };
}

const ends: (() => void)[] = [];
const opened: URL[] = [];
const channels: BroadcastChannel[] = [];
beforeEach(() => {
  locks.stolen = 0;
  opened.length = channels.length = 0;
  vi.stubGlobal('navigator', { locks });
  vi.stubGlobal(
    'BroadcastChannel',
    class extends BroadcastChannel {
      constructor(name: string) {
        super(name);
        channels.push(this);
      }
    },
  );
  vi.stubGlobal(
    'EventSource',
    class extends EventTarget {
      constructor(url: URL) {
        super();
        opened.push(url);
      }
      close(): void {}
    },
  );
});
afterEach(() => {
  for (const end of ends.splice(0)) end();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('a tab that follows another', () => {
  it('asks to be placed, and hears nothing before it is', async () => {
    const { asked, tab, tell, ids } = await follow('e-3');
    expect(asked).toEqual([{ tab, types: ['tick'], from: 'e-3' }]);
    await tell({ frames: [tick('e-9')], logged: true });
    expect(ids()).toEqual([]);
    await tell({ to: 'somebody', frames: [position('e-3'), tick('e-4')], logged: true });
    expect(ids()).toEqual([]);
    await tell({ to: tab, frames: [position('e-3'), tick('e-4')], logged: true });
    await tell({ frames: [tick('e-6')], logged: true });
    expect(ids()).toEqual(['e-3', 'e-4', 'e-6']);
    expect(opened).toEqual([]);
  });

  it('hears nothing twice from a leader that is behind it', async () => {
    const { tab, tell, ids } = await follow('e-3');
    await tell({ to: tab, frames: [position('e-3'), tick('e-4'), tick('e-7')], logged: true });
    await tell({ leader: 'b', live: true });
    await tell({ leader: 'b', to: tab, frames: [position('e-4')], logged: true });
    await tell({ leader: 'b', frames: [tick('e-7'), tick('e-8')], logged: true });
    expect(ids()).toEqual(['e-3', 'e-4', 'e-7', 'e-7', 'e-8']);
  });

  it('hears what is not kept, though its id is one that was heard', async () => {
    const { tab, tell, ids } = await follow();
    await tell({ to: tab, frames: [position('e-3')], logged: true });
    await tell({ frames: [tick('e-3')], logged: false });
    await tell({ frames: [tick('')], logged: false });
    expect(ids()).toEqual(['e-3', 'e-3', '']);
  });

  it('asks a new leader for its place once, and again when that one is live', async () => {
    const { asked, tab, tell, ids, feed } = await follow('e-3');
    await tell({ to: tab, frames: [position('e-3'), tick('e-4')], logged: true });
    await tell({ leader: 'b' });
    await tell({ leader: 'b' });
    await tell({ leader: 'b', live: true, frames: [position('e-2')], logged: true });
    feed.hurry();
    await expect.poll(() => asked.at(-1)?.hurry).toBe(true);
    expect(asked.map(({ from }) => from)).toEqual(['e-3', 'e-4', 'e-4', undefined]);
    expect(ids()).toEqual(['e-3', 'e-4']);
  });

  it('is told of a loss and of a failure', async () => {
    const { tab, tell, frame, failed } = await follow('e-3');
    await tell({ to: tab, frames: [position('f-0', false)], logged: true });
    expect(frame.mock.lastCall?.[0]).toEqual(position('f-0', false));
    await tell({ failure: { retryIn: 5 } });
    expect(failed).toHaveBeenCalledExactlyOnceWith({ retryIn: 5 });
  });

  it('hears of an eviction even when it has just taken the lead', async () => {
    vi.useFakeTimers({ toFake: ['setInterval'] });
    const { tell, frame } = await follow('e-3');
    vi.advanceTimersByTime(6000);
    expect(locks.stolen).toBe(1);
    const close = { id: '', event: 'dev-serve:close', data: '{"reason":"evicted"}' };
    await tell({ frames: [close], logged: false });
    expect(frame.mock.lastCall?.[0]).toEqual(close);
  });

  it('reads for itself, from its own place, what the leader does not have', async () => {
    const { tab, tell } = await follow('e-3');
    await tell({ to: tab, behind: true });
    expect(opened.map(({ search }) => search)).toEqual(['?lastEventId=e-3']);
    await tell({ to: tab, behind: true });
    expect(opened).toHaveLength(1);
  });

  it('takes the lead from one that says nothing, not from one that answers', async () => {
    vi.useFakeTimers({ toFake: ['setInterval'] });
    const { asked, tab, tell } = await follow('e-3');
    await tell({ to: tab, frames: [position('e-3')], logged: true });
    for (let seconds = 0; seconds < 60; seconds += 2) {
      vi.advanceTimersByTime(2000);
      await tell({});
    }
    expect(locks.stolen).toBe(0);
    vi.advanceTimersByTime(4000);
    await expect.poll(() => asked.length).toBe(2);
    expect(opened).toEqual([]);
    vi.advanceTimersByTime(2000);
    expect(locks.stolen).toBe(1);
    expect(opened.map(({ search }) => search)).toEqual(['?lastEventId=e-3']);
  });
});
