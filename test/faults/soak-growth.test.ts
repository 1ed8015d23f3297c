import { expect, it } from 'vitest';
import type { Figures } from '../support/faults/figures.ts';
import { growth } from '../support/faults/growth.ts';

const MIB = 1024 * 1024;
const streams = { streams: 0, channels: 0, publishes: 9, deliveries: 9, lost: 0, refused: 0 };
const before: Figures = {
  pid: 1,
  rss: 9 * MIB,
  heapUsed: MIB,
  arrayBuffers: MIB,
  resources: { TCPSocketWrap: 1 },
  descriptors: 20,
  listeners: { 'process exit': 1 },
  objects: { Timeout: 5 },
  streams: { ...streams, stalled: 0, bytes: 0 },
};

it('what has grown is named; what is as it was, or less, is not', () => {
  expect(growth(before, { ...before, descriptors: 19, objects: {}, rss: 90 * MIB })).toEqual([]);
  const after = {
    ...before,
    heapUsed: 7 * MIB,
    resources: { TCPSocketWrap: 1, PipeWrap: 2 },
    descriptors: 22,
    listeners: { 'process exit': 3 },
    objects: { Timeout: 6 },
    streams: { ...before.streams, streams: 1, channels: 1 },
  };
  expect(growth(before, after, 4 * MIB)).toEqual([
    'PipeWrap 0 -> 2',
    'process exit 1 -> 3',
    'Timeout 5 -> 6',
    'descriptors 20 -> 22',
    `bytes of heapUsed ${MIB} -> ${7 * MIB}`,
    'streams 0 -> 1',
    'channels 0 -> 1',
  ]);
});
