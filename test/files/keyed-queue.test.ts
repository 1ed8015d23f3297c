import { describe, expect, it } from 'vitest';
import { KeyedQueue } from '../../plugins/files/keyed-queue.ts';

/** A queue whose work ends when the test says so. */
function heldQueue(concurrency: number) {
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  const queue = new KeyedQueue((key) => {
    started.push(key);
    return new Promise((resolve) => ends.set(key, resolve));
  }, concurrency);
  return { queue, started, end: (key: string) => ends.get(key)?.() };
}

/** On a machine that was busy elsewhere a turn may begin one piece of work only. */
async function turn() {
  for (let turns = 0; turns < 4; turns += 1) await new Promise(setImmediate);
}

describe('a keyed queue', () => {
  it('works on as many keys at a time as it may, in the order they came', async () => {
    const { queue, started, end } = heldQueue(2);
    for (const key of 'abcd') queue.add(key);
    await turn();
    expect(started).toEqual(['a', 'b']);
    end('b');
    await turn();
    expect(started).toEqual(['a', 'b', 'c']);
  });

  it('works once more on a key that was added, however often, while it was worked on', async () => {
    const { queue, started, end } = heldQueue(4);
    for (const key of 'aaab') queue.add(key);
    await turn();
    expect(started).toEqual(['a', 'b']);
    end('a');
    await turn();
    expect(started).toEqual(['a', 'b', 'a']);
    end('a');
    await turn();
    expect(started).toHaveLength(3);
  });

  it('is idle at once when empty, else when the last work ends', async () => {
    const { queue, end } = heldQueue(1);
    await queue.idle();
    queue.add('a');
    let idle = false;
    const waiting = queue.idle().then(() => {
      idle = true;
    });
    await turn();
    expect(idle).toBe(false);
    end('a');
    await waiting;
  });

  it('is settled when what it held and what that caused is done, whatever else came', async () => {
    const { queue, started, end } = heldQueue(1);
    const order: string[] = [];
    queue.add('folder');
    queue.add('last');
    void queue.settled().then(() => order.push('settled'));
    queue.add('caused', 'folder');
    queue.add('other');
    queue.add('other', 'folder');
    for (const key of ['folder', 'last', 'caused', 'other']) {
      expect(started.at(-1)).toBe(key);
      queue.add(key);
      order.push(key);
      end(key);
      await turn();
    }
    expect(order).toEqual(['folder', 'last', 'caused', 'other', 'settled']);
    expect(started).toHaveLength(5);
  });

  it('is settled anew for each who asks, at once when empty or closed', async () => {
    const { queue, end } = heldQueue(1);
    await queue.settled();
    await Promise.all([queue.settled(), queue.settled()]);
    queue.add('a');
    let settled = 0;
    const first = queue.settled().then(() => settled++);
    queue.add('b');
    queue.add('c');
    const second = queue.settled().then(() => settled++);
    end('a');
    await first;
    expect(settled).toBe(1);
    const closed = queue.close();
    end('b');
    await Promise.all([second, closed, queue.settled()]);
    expect(settled).toBe(2);
  });

  it('drops what waits when closed, and takes nothing more', async () => {
    const { queue, started, end } = heldQueue(1);
    queue.add('a');
    queue.add('b');
    const closed = queue.close();
    queue.add('c');
    end('a');
    await closed;
    expect(started).toEqual(['a']);
  });
});
