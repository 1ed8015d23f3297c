import { expect } from 'vitest';
import type { Figures, FiguresQuery } from './figures.ts';
import { growth, HEAP_SLACK } from './growth.ts';

/** A server that tells its figures: an `EventServer`, a `SiteServer`. */
export interface Observed {
  figures(query?: FiguresQuery): Promise<Figures>;
}

const soon = { timeout: 30_000, interval: 100 };

/** The figures of a server that has been used (warmed up) and has nothing to do any more. */
export async function settle(server: Observed): Promise<Figures> {
  let last: Figures | undefined;
  const isStill = async () => {
    const figures = await server.figures({ idle: true });
    const before = last;
    last = figures;
    return before !== undefined && growth(before, figures).length === 0;
  };
  await expect.poll(isStill, soon).toBe(true);
  return server.figures({ idle: true, objects: true });
}

/**
 * Waits until there is no more of anything than in the baseline: handles, descriptors, listeners,
 * timers, objects, and heap up to a slack in bytes. Fails with what has grown. Streams: none.
 */
export async function expectBaseline(
  server: Observed,
  baseline: Figures,
  heapSlack = HEAP_SLACK,
): Promise<void> {
  const leftOf = (query: FiguresQuery) => async () =>
    growth(baseline, await server.figures({ idle: true, ...query }), heapSlack);
  await expect.poll(leftOf({}), soon).toEqual([]);
  // They are costly to count, so not before the rest is as it was.
  await expect.poll(leftOf({ objects: true }), { ...soon, interval: 500 }).toEqual([]);
}
