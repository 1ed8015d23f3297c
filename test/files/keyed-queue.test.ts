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

const turn = () => new Promise(setImmediate);

describe('a keyed queue', () => {
  it('works on as many keys at a time as it may, in the order they came', async () => {
    const { queue, started, end } = heldQueue(2);
    for (const key of 'abcd') queue.add(key);
    expect(started).toEqual(['a', 'b']);
    end('b');
    await turn();
    expect(started).toEqual(['a', 'b', 'c']);
  });

  it('works once more on a key that was added, however often, while it was worked on', async () => {
    const { queue, started, end } = heldQueue(4);
    for (const key of 'aaab') queue.add(key);
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
