import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { watchFiles } from '../../plugins/files/watcher.ts';
import { folderWith } from '../files/watch-folder.ts';
import { FileStorm } from '../support/faults/file-storm.ts';
import { inForm, tell } from '../support/faults/form.ts';
import { Mirror } from '../support/faults/mirror.ts';
import { randomFrom, seed } from '../support/random.ts';

const RUNS = inForm(16, 600);
const AT_ONCE = 8;
const STEPS = 60;

/** Some pauses are shorter than the grace of a removal, some longer, most are none. */
async function pause(random: () => number): Promise<void> {
  const dice = random();
  if (dice < 0.1) await delay(random() * 120);
  else if (dice < 0.3) await nextTurn();
}

/** One storm in a folder of its own. @returns what was done and what was told */
async function weather(run: number) {
  const random = randomFrom(seed + run);
  const root = await folderWith({ 'a/1.html': 'a1', 'a/x/2.html': 'ax2', 'b/1.html': 'b1' });
  const mirror = new Mirror(root);
  const errors: Error[] = [];
  const watcher = watchFiles(root, (change) => mirror.take(change), {
    onError: (error) => errors.push(error),
  });
  onTestFinished(() => watcher.close());
  if (random() < 0.8) await watcher.ready;
  const storm = new FileStorm(root, random);
  const done: string[] = [];
  for (let step = 0; step < STEPS; step += 1) {
    done.push(storm.act());
    await pause(random);
  }
  try {
    await mirror.expectExact();
    expect(errors).toEqual([]);
  } catch (error) {
    const trail = `${done.join('; ')}\n  told: ${mirror.told.join('; ')}`;
    throw new Error(`run ${run} of seed ${seed}: ${trail}`, { cause: error });
  }
  await watcher.close();
  return { done: done.length, told: mirror.told.length };
}

describe(`a storm of renames, saves and removals (seed ${seed})`, () => {
  it('is told so that who follows it knows what is on the disk', {
    timeout: 600_000,
  }, async () => {
    let [done, told] = [0, 0];
    for (let first = 0; first < RUNS; first += AT_ONCE) {
      const runs = Array.from({ length: Math.min(AT_ONCE, RUNS - first) }, (_, n) => first + n);
      for (const each of await Promise.all(runs.map(weather))) {
        done += each.done;
        told += each.told;
      }
    }
    tell('storms', { runs: RUNS, changes: done, events: told });
  });
});
