import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { TurnGate } from '../../plugins/events/turn-gate.ts';

/** Lets all promises go on that can. */
const settled = () => new Promise((resolve) => process.nextTick(resolve));

it('so many pass in a turn, in the order they came, also if others come in between', async () => {
  const gate = new TurnGate(3);
  const passed: number[] = [];
  const come = (name: number) => void gate.pass().then(() => passed.push(name));
  for (let name = 1; name <= 7; name += 1) come(name);
  await settled();
  expect(passed).toEqual([1, 2, 3]);
  await nextTurn();
  come(8);
  expect(passed).toEqual([1, 2, 3, 4, 5, 6]);
  await nextTurn();
  expect(passed).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  await nextTurn();
  for (let name = 9; name <= 12; name += 1) come(name);
  await settled();
  expect(passed.slice(8)).toEqual([9, 10, 11]);
  await nextTurn();
  expect(passed.slice(8)).toEqual([9, 10, 11, 12]);
});

it('does not hold the process', async () => {
  const gate = new TurnGate(1);
  await gate.pass();
  await nextTurn();
  expect(process.getActiveResourcesInfo()).not.toContain('Immediate');
});
