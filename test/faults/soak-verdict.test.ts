import { describe, expect, it } from 'vitest';
import { HeapTrend } from '../soak/heap-trend.ts';
import { judgeSlope } from '../soak/judge-slope.ts';
import type { Figures } from '../support/faults/figures.ts';

describe('where the engine has settled, a slope', () => {
  it.each([
    { perHour: 0.99, error: 0.1, verdict: 'steady' },
    { perHour: -3, error: 0.5, verdict: 'steady' },
    { perHour: 1, error: 0.1, verdict: 'grows' },
    // Chance may explain it, and still it is not below the limit.
    { perHour: 1.2, error: 0.4, verdict: 'grows' },
    { perHour: 5, error: 9, verdict: 'grows' },
    { perHour: 0.2, error: 0.51, verdict: 'not resolved' },
    { perHour: 0, error: Number.POSITIVE_INFINITY, verdict: 'not resolved' },
  ])('of $perHour MiB/h with an error of $error is $verdict', ({ verdict, ...slope }) => {
    expect(judgeSlope(slope, 0)).toBe(verdict);
  });
});

describe('where the engine may add another 30 MiB/h, a slope', () => {
  it.each([
    { perHour: 0, error: 0.1, verdict: 'not resolved' },
    { perHour: 32, error: 1, verdict: 'not resolved' },
    { perHour: 33.1, error: 1, verdict: 'grows' },
  ])('of $perHour MiB/h with an error of $error is $verdict', ({ verdict, ...slope }) => {
    expect(judgeSlope(slope, 30)).toBe(verdict);
  });
});

describe('the trend of a heap', () => {
  const ofHeap = (heapUsed: () => number) => ({
    figures: async (): Promise<Figures> => ({ ...figures, heapUsed: heapUsed() }),
  });

  it('says that it grows, with what the measurement resolves', async () => {
    let heapUsed = 0;
    // A MiB for every look, and these follow each other at once.
    const trend = new HeapTrend(
      ofHeap(() => (heapUsed += 1024 * 1024)),
      0,
    );
    for (let look = 0; look < 20; look += 1) await trend.sample();
    expect(trend.verdict).toBe('grows');
    expect(String(trend)).toMatch(
      /^[\d.e+]+ MiB\/h, resolved to [\d.e+]+ MiB\/h, of 20 samples: grows$/,
    );
  });

  it('does not call a heap steady that it has looked at twice', async () => {
    const trend = new HeapTrend(
      ofHeap(() => 1024),
      0,
    );
    await trend.sample();
    await trend.sample();
    expect(String(trend)).toBe(
      '0.00 MiB/h, resolved to Infinity MiB/h, of 2 samples: not resolved',
    );
  });
});

const figures: Figures = {
  pid: 1,
  rss: 0,
  heapUsed: 0,
  arrayBuffers: 0,
  resources: {},
  descriptors: 0,
  listeners: {},
  objects: {},
  timers: {},
  classes: {},
  streams: {
    streams: 0,
    channels: 0,
    publishes: 0,
    deliveries: 0,
    lost: 0,
    refused: 0,
    stalled: 0,
    bytes: 0,
  },
};
