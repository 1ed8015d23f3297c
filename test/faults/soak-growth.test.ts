import { expect, it } from 'vitest';
import { EventServer } from '../support/faults/event-server.ts';
import type { Figures } from '../support/faults/figures.ts';
import { grownClasses } from '../support/faults/grown-classes.ts';
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
  timers: { 'of 1000 ms': 4, 'of 60 ms': 1 },
  classes: {},
  streams: { ...streams, stalled: 0, bytes: 0 },
};

it('what has grown is named; what is as it was, or less, is not', () => {
  expect(growth(before, { ...before, descriptors: 19, objects: {}, rss: 90 * MIB })).toEqual([]);
  expect(growth(before, { ...before, timers: { 'of 61 ms': 1 } })).toEqual([]);
  const after = {
    ...before,
    heapUsed: 7 * MIB,
    resources: { TCPSocketWrap: 1, PipeWrap: 2 },
    descriptors: 22,
    listeners: { 'process exit': 3 },
    objects: { Timeout: 6 },
    timers: { 'of 1000 ms': 4, 'of 70 ms': 2 },
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
    'of 70 ms 0 -> 2',
  ]);
});

it('of the classes in a heap, those are named that have grown most', () => {
  const kibibytes = (count: number, size: number) => ({ count, bytes: size * 1024 });
  const first = { Socket: kibibytes(2, 4), '(string)': kibibytes(90, 50), Gone: kibibytes(9, 9) };
  const then = { Socket: kibibytes(5, 10), '(string)': kibibytes(95, 50), New: kibibytes(1, 40) };
  const lines = ['New 0 -> 1 (40 KiB more)', 'Socket 2 -> 5 (6 KiB more)'];
  expect(grownClasses(first, then)).toEqual(lines);
  expect(grownClasses(first, then, 1)).toEqual(lines.slice(0, 1));
});

it('a server whose log grows names what its entries are made of', async () => {
  const server = await EventServer.start({ kind: 'memory', limit: 10_000 });
  await server.burst('a', { count: 100, size: 100 });
  const { classes: first } = await server.figures({ classes: true });
  await server.burst('a', { count: 3000, size: 100 });
  const { classes } = await server.figures({ classes: true });
  // An object and a text for each event: more than anything else but what the engine compiles.
  const grown = grownClasses(first, classes);
  expect(grown).toContainEqual(expect.stringMatching(/^Object \d+ -> \d{4,} /));
  expect(grown).toContainEqual(expect.stringMatching(/^\(string\) \d+ -> \d{4,} /));
  expect((await server.figures()).classes).toEqual({});
});
