import { expect } from 'vitest';
import type { Target } from './target.ts';

/** Asks for all of the paths, each of which is to be answered with one of the statuses. */
export async function expectRefused(
  target: Target,
  paths: readonly string[],
  ...statuses: number[]
) {
  const answers = await target.askAll(paths);
  answers.forEach(({ status }, index) => {
    expect(statuses, paths[index]).toContain(status);
  });
}
