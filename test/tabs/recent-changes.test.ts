import { expect, it } from 'vitest';
import { RecentChanges } from '../../plugins/tabs/recent-changes.ts';

const outcome = { tabs: 1, acts: { swap: 1, reload: 0, none: 0 }, sent: 2, duration: 5 };

it('the last fifty changes are kept, the newest first, with what came of them', () => {
  const recent = new RecentChanges<{ readonly timestamp: number }>();
  for (let timestamp = 0; timestamp < 60; timestamp++) recent.add({ timestamp });
  for (const timestamp of [3, 58]) recent.settle({ event: { timestamp }, ...outcome });
  const list = recent.list();
  expect(list.map(({ event }) => event.timestamp)).toEqual(
    Array.from({ length: 50 }, (_, index) => 59 - index),
  );
  expect(list.slice(0, 2)).toEqual([
    { event: { timestamp: 59 }, outcome: undefined },
    { event: { timestamp: 58 }, outcome },
  ]);
});
