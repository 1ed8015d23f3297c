import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { expectBaseline, type Observed, settle } from '../support/faults/baseline.ts';
import { tell } from '../support/faults/form.ts';
import { grownClasses } from '../support/faults/grown-classes.ts';
import { HeapTrend } from './heap-trend.ts';
import { RESOLVING_MINUTES } from './settings.js';

/** How long one is. */
export const MINUTES = Number(process.env.SOAK_MINUTES ?? 1);
/** A fifth of the time, for what is made once and kept. */
const [WARM_UP, TRIAL] = [MINUTES * 12_000, MINUTES * 48_000];
/** Once the warm-up is long, an engine has compiled what it will, and logs are full: MiB to come. */
const SETTLING = MINUTES < RESOLVING_MINUTES ? 3 : 0;
/** A run that cannot resolve the slope is not one in which it was right. */
const ACCEPTED = SETTLING > 0 ? ['steady', 'not resolved'] : ['steady'];
const SAMPLES = Math.min(500, Math.max(20, MINUTES * 6));

/** Limit of time of a test, in milliseconds. */
export const TIMEOUT = (MINUTES + 5) * 60_000;

/** Goes on for so many milliseconds; resolves to what there was of it, and to what went wrong. */
export type Use = (
  milliseconds: number,
) => Promise<{ figures: Record<string, number>; wrong: string[] }>;

/** Uses a server, and holds what is left of it in the end against what there was before. */
export async function soak(name: string, server: Observed, use: Use): Promise<void> {
  const warm = await use(WARM_UP);
  await settle(server);
  const { classes } = await server.figures({ classes: true });
  const baseline = await settle(server);
  const trend = new HeapTrend(server, SETTLING);
  let isOver = false;
  const sampling = (async () => {
    // The pace of samples, not a wait for something to happen.
    for (; !isOver; await delay(TRIAL / SAMPLES)) await trend.sample();
  })();
  const { figures, wrong } = await use(TRIAL);
  isOver = true;
  await sampling;
  tell(name, { ...figures, heap: String(trend) });
  expect([...warm.wrong, ...wrong]).toEqual([]);
  const isAccepted = ACCEPTED.includes(trend.verdict);
  const figuresAfter = isAccepted ? undefined : await server.figures({ idle: true, classes: true });
  const grown = figuresAfter ? [String(trend), ...grownClasses(classes, figuresAfter.classes)] : [];
  // What is left in the end is told as well.
  expect.soft(grown, 'slope of the heap, and what has grown most').toEqual([]);
  await expectBaseline(server, baseline);
}
