import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { SharedTasks } from '../../plugins/files/shared-tasks.ts';

const stays = () => false;

/** Tasks that end when they are told to. */
function manualTasks(limit: number) {
  const tasks = new SharedTasks<string>(limit);
  const begun: string[] = [];
  const ends = new Map<string, (result: string | Error) => void>();
  const ask = (key: string, hasLeft = stays) =>
    tasks.run(key, hasLeft, () => {
      begun.push(key);
      return new Promise((resolve, reject) => {
        ends.set(key, (result) => (result instanceof Error ? reject(result) : resolve(result)));
      });
    });
  const end = async (key: string, result: string | Error = key) => {
    ends.get(key)?.(result);
    await turn();
  };
  return { tasks, ask, begun, end };
}

describe('shared tasks', () => {
  it('run so many at a time, and the others in their turn', async () => {
    const { ask, begun, end } = manualTasks(2);
    const asked = ['a', 'b', 'c', 'd'].map((key) => ask(key));
    await turn();
    expect(begun).toEqual(['a', 'b']);
    await end('b');
    expect(begun).toEqual(['a', 'b', 'c']);
    for (const key of ['a', 'c', 'd']) await end(key);
    expect(await Promise.all(asked)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('run once for all who ask while one runs, after it: what it has read may be old', async () => {
    const { ask, begun, end } = manualTasks(2);
    const first = ask('a');
    await turn();
    const others = Array.from({ length: 50 }, () => ask('a'));
    await turn();
    expect(begun).toEqual(['a']);
    await end('a', 'old');
    expect(begun).toEqual(['a', 'a']);
    await end('a', 'new');
    expect(await first).toBe('old');
    expect(new Set(await Promise.all(others))).toEqual(new Set(['new']));
  });

  it('do not begin for those who have left', async () => {
    const { ask, begun, end } = manualTasks(1);
    const leaving = { hasLeft: false };
    const first = ask('a');
    const left = Array.from({ length: 50 }, (_, index) => ask(`${index}`, () => leaving.hasLeft));
    const last = ask('z');
    await turn();
    leaving.hasLeft = true;
    await end('a');
    await turn();
    expect(begun).toEqual(['a', 'z']);
    await end('z');
    expect([await first, await last]).toEqual(['a', 'z']);
    expect(new Set(await Promise.all(left))).toEqual(new Set([undefined]));
  });

  it('know that they are wanted as long as one of all who asked is there', async () => {
    const tasks = new SharedTasks<boolean[]>(1);
    const here = [true, true, true];
    const first = tasks.run('a', stays, async () => []);
    const asked = here.map((_, index) =>
      tasks.run(
        'b',
        () => !here[index],
        async (isUnwanted) =>
          [2, 0, 1].map((each) => {
            here[each] = false;
            return isUnwanted();
          }),
      ),
    );
    expect(await first).toEqual([]);
    for (const each of asked) expect(await each).toEqual([false, false, true]);
  });

  it('that fail are told to all who asked, and hold up nobody', async () => {
    const { ask, end } = manualTasks(1);
    const first = ask('a').catch((error: Error) => error.message);
    const next = ask('b');
    await turn();
    await end('a', new Error('no disk'));
    await end('b');
    expect([await first, await next]).toEqual(['no disk', 'b']);
  });
});
