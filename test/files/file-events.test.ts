import { expect, it } from 'vitest';
import { FileEvents } from '../../plugins/files/file-events.ts';

it('gives each change a later time, also several of one millisecond', () => {
  const events = new FileEvents();
  const start = events.latest;
  const change = { operation: 'write', path: '/a' } as const;
  const times = Array.from({ length: 1000 }, () => events.stamp(change).timestamp);
  expect(times.every((time, index) => time > (times[index - 1] ?? start))).toBe(true);
  expect(events.latest).toBe(times.at(-1));
});
