import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { type Connection, Connections } from '../../plugins/events/connections.ts';
import { Figures } from '../../plugins/events/figures.ts';
import { Heartbeats } from '../../plugins/events/heartbeats.ts';
import { newHub, newStream } from '../support/event-hub.ts';

const TIMERS = ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] as const;
const INTERVAL = 15_000;
const SHARE = 64;
/** Between two of the four shares of 250, which take four fifths of the interval. */
const PAUSE = INTERVAL / 5;

beforeEach(() => {
  vi.useFakeTimers({ toFake: [...TIMERS] });
});
afterEach(() => void vi.useRealTimers());

/** Time passes, and so do the turns in which what is due is done. */
async function pass(milliseconds: number): Promise<void> {
  vi.advanceTimersByTime(milliseconds);
  for (let turns = 0; turns < 4; turns += 1) await turn();
}

/** Connections that count their heartbeats. */
function open(count: number) {
  const limits = {
    retry: 1000,
    heartbeatInterval: INTERVAL,
    stallTimeout: 10 * INTERVAL,
    maxStreams: Number.POSITIVE_INFINITY,
    maxStreamsPerAddress: Number.POSITIVE_INFINITY,
  };
  const connections = new Connections(limits, new Figures());
  const beats: number[] = [];
  const all: Connection[] = [];
  const add = () => {
    const index = beats.push(0) - 1;
    const connection = {
      isPending: false,
      taken: 0,
      heartbeat() {
        beats[index] = (beats[index] ?? 0) + 1;
      },
      drain: () => connections.gone(connection),
      close: () => {},
      terminate: () => {},
    };
    connections.add(connection, '', []);
    all.push(connection);
  };
  for (let n = 0; n < count; n += 1) add();
  onTestFinished(() => connections.drain());
  const sum = () => beats.reduce((total, n) => total + n, 0);
  return { add, all, beats, connections, sum };
}

const least = (numbers: readonly number[]) => numbers.reduce((less, n) => Math.min(less, n));

it(`heartbeats of 250 are sent ${SHARE} at a time, over most of the interval`, async () => {
  const { beats, sum } = open(250);
  await pass(INTERVAL);
  const seen = [sum()];
  for (let quarter = 1; quarter < 4; quarter += 1) {
    await pass(PAUSE - 1);
    seen.push(sum());
    await pass(1);
    seen.push(sum());
  }
  expect(seen).toEqual([64, 64, 128, 128, 192, 192, 250]);
  for (let time = 0; time < 4 * INTERVAL; time += PAUSE) await pass(PAUSE);
  expect(new Set(beats)).toEqual(new Set([5]));
});

it('nobody is left out where each share is late', async () => {
  const { beats } = open(5000);
  // Of 79 shares each is due after 152 ms, and sent after 210: all of them take longer than an interval.
  for (let time = 0; time < 4 * INTERVAL; time += 70) await pass(70);
  expect(least(beats)).toBe(2);
});

it('a crowd that comes between two shares keeps nobody waiting', async () => {
  const { add, beats } = open(75);
  await pass(INTERVAL);
  for (let n = 0; n < 2500; n += 1) add();
  for (let time = 0; time < INTERVAL; time += 100) await pass(100);
  expect(least(beats.slice(0, 75))).toBe(1);
  for (let time = 0; time < INTERVAL; time += 100) await pass(100);
  expect([least(beats.slice(0, 75)), least(beats)]).toEqual([2, 1]);
});

it('nobody gets two without a pause, on a machine that stood still as well', async () => {
  const { all, beats, connections } = open(75);
  await pass(INTERVAL);
  for (const connection of all.slice(0, 25)) connections.gone(connection);
  await pass(2 * INTERVAL);
  expect(beats.at(-1)).toBe(1);
  await pass(INTERVAL / 2);
  expect(beats.at(-1)).toBe(2);
});

it('nobody gets two without a pause where others have left', async () => {
  const { all, beats, connections } = open(75);
  vi.advanceTimersByTime(INTERVAL);
  // It stands still: the last share comes late.
  await turn();
  for (const connection of all.slice(0, 25)) connections.gone(connection);
  vi.advanceTimersByTime(INTERVAL - 1);
  for (let turns = 0; turns < 4; turns += 1) await turn();
  expect(beats.at(-1)).toBe(1);
  await pass(INTERVAL / 4);
  expect(beats.at(-1)).toBe(1);
  await pass(INTERVAL / 4);
  expect(beats.at(-1)).toBe(2);
});

it('one that throws keeps nobody else from theirs', () => {
  vi.useFakeTimers({ toFake: [...TIMERS, 'setImmediate', 'clearImmediate'] });
  const beats = ['first', 'second'].map(() => ({ count: 0 }));
  const living = beats.map((beat, index) => ({
    heartbeat() {
      beat.count += 1;
      if (index === 0) throw new Error('broken');
    },
  }));
  const heartbeats = new Heartbeats(new Map(living.map((one) => [one, undefined])), INTERVAL);
  onTestFinished(() => heartbeats.stop());
  for (const count of [1, 2, 3]) {
    // With the turns that follow.
    expect(() => vi.advanceTimersByTime(INTERVAL + 1)).toThrow('broken');
    vi.advanceTimersByTime(1);
    expect(beats).toEqual([{ count }, { count }]);
  }
});

it('who leaves between two shares is left out, and nobody else is', async () => {
  const { all, beats, connections } = open(150);
  await pass(INTERVAL);
  const left = all.filter((_connection, index) => index % 2 === 0);
  for (const connection of left) connections.gone(connection);
  for (let share = 0; share < 2; share += 1) await pass(INTERVAL / 3);
  const wanted = beats.map((_n, index) => (index < SHARE || index % 2 === 1 ? 1 : 0));
  expect(beats).toEqual(wanted);
});

it('a server that closes sends none any more', async () => {
  const { connections, sum } = open(150);
  await pass(INTERVAL);
  expect(sum()).toBe(SHARE);
  await connections.drain();
  await pass(10 * INTERVAL);
  expect(sum()).toBe(SHARE);
});

it('none is written on a channel that lives, to however many', async () => {
  const hub = newHub({ heartbeatInterval: INTERVAL });
  const channel = hub.channel('news');
  const streams = Array.from({ length: 75 }, () => newStream(hub, channel));
  let [comments, events] = [0, 0];
  for (const stream of streams) {
    stream.on('data', (chunk: Buffer) => {
      const text = chunk.toString();
      if (/^:/m.test(text)) comments += 1;
      if (/^data: \d/m.test(text)) events += 1;
    });
  }
  await pass(0);
  // The first says only that nobody has been written to since it.
  await pass(INTERVAL);
  for (let interval = 0; interval < 8; interval += 1) {
    await channel.publish({ data: interval });
    await pass(INTERVAL / 2);
  }
  expect(events).toBe(8 * streams.length);
  expect(comments).toBe(0);
  await pass(2 * INTERVAL);
  await pass(2 * INTERVAL);
  expect(comments).toBeGreaterThan(0);
});
