import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Queue } from '../../plugins/tabs/queue.ts';

it('a queue keeps the order, and each item its place, whatever is taken off before it', () => {
  const steps = fc.array(fc.constantFrom('push', 'push', 'shift', 'clear'), { maxLength: 200 });
  fc.assert(
    fc.property(steps, fc.constantFrom(0, 1000, 1030, 2100), (actions, ahead) => {
      const queue = new Queue<number>();
      let [start, end] = [0, 0];
      const push = () => queue.push(end++);
      for (let count = 0; count < ahead; count++) push();
      for (let count = 0; count < ahead - 5; count++, start++) queue.shift();
      for (const action of actions) {
        if (action === 'push') push();
        else if (action === 'clear') [start] = [end, queue.clear()];
        else if (start <= end - 1) [start] = [start + 1, queue.shift()];
        else queue.shift();
        expect([queue.start, queue.end]).toEqual([start, end]);
        expect(queue.first).toBe(start < end ? start : undefined);
        expect(queue.at(start - 1)).toBeUndefined();
        expect(queue.at(end - 1)).toBe(start < end ? end - 1 : undefined);
      }
    }),
    { numRuns: 50 },
  );
});
