import { setImmediate as nextTurn } from 'node:timers/promises';

const SLICE_MS = 2;

/** Does the work on each item, however many there are, without holding up the event loop. */
export async function inSlices<T>(items: Iterable<T>, work: (item: T) => void): Promise<void> {
  let end = performance.now() + SLICE_MS;
  for (const item of items) {
    work(item);
    if (performance.now() < end) continue;
    await nextTurn();
    end = performance.now() + SLICE_MS;
  }
}
