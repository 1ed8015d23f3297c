import { expect } from 'vitest';
import { inForm, tell } from './form.ts';
import type { Client, Load } from './load.ts';

/** In the suite the machine has other things to do. */
const LIMIT_MILLISECONDS = inForm(20_000, 2000);

/**
 * To be called once Redis answers again: every publisher has one more event acknowledged in time, and
 * every reader that stays has one more to read.
 */
export async function expectRecovery(
  fault: string,
  load: Load,
  calm: readonly Client[],
): Promise<void> {
  const back = performance.now();
  const read = calm.map(({ check }) => check.entries.length);
  await load.grow(1);
  const isRead = () => calm.every(({ check }, nth) => check.entries.length > (read[nth] ?? 0));
  await expect.poll(isRead, { timeout: 60_000, interval: 10 }).toBe(true);
  const milliseconds = Math.round(performance.now() - back);
  tell(`Redis ${fault}`, { 'recovery in ms': milliseconds });
  expect(milliseconds).toBeLessThan(LIMIT_MILLISECONDS);
}
