import { onTestFinished } from 'vitest';
import { post } from './publisher.ts';

/** Publishes so many events a second, in turn on each channel; the answer ends it. */
export function publishSteadily(
  origin: string,
  channels: readonly string[],
  perSecond: number,
): { readonly published: number; readonly failed: number; stop(): void } {
  const state = { published: 0, failed: 0, stop: () => clearInterval(timer) };
  let count = 0;
  const timer = setInterval(async () => {
    count += 1;
    const channel = channels[count % channels.length] ?? '';
    const { id } = await post(origin, channel, `${count} ${'x'.repeat((count * 7919) % 2048)}`);
    if (id === undefined) state.failed += 1;
    else state.published += 1;
  }, 1000 / perSecond);
  onTestFinished(state.stop);
  return state;
}
