import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { type Connection, Connections } from '../../plugins/events/connections.ts';
import { Figures } from '../../plugins/events/figures.ts';

const STALL_TIMEOUT = 10_000;
/** Milliseconds between two looks. */
const LOOK = STALL_TIMEOUT / 10;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
});

/** One connection that something waits for; `taken` is called at each look. */
function open(taken: () => number | undefined, isPending = () => true) {
  const limits = {
    retry: 1000,
    heartbeatInterval: 1_000_000,
    stallTimeout: STALL_TIMEOUT,
    maxStreams: 10,
    maxStreamsPerAddress: 10,
  };
  const figures = new Figures();
  const connections = new Connections(limits, figures);
  let isBroken = false;
  const connection: Connection = {
    get isPending() {
      return isPending();
    },
    get taken() {
      return taken();
    },
    heartbeat: () => {},
    drain: () => connections.gone(connection),
    close: () => {},
    terminate: () => {
      isBroken = true;
    },
  };
  connections.add(connection, '', []);
  onTestFinished(() => connections.drain());
  const isBrokenAfter = (looks: number) => {
    vi.advanceTimersByTime(looks * LOOK);
    return isBroken;
  };
  return { connection, connections, figures, isBrokenAfter };
}

it('who takes nothing is broken off after ten looks at nothing but that, and counted', () => {
  const { figures, isBrokenAfter } = open(() => 5);
  expect(isBrokenAfter(10)).toBe(false);
  expect(isBrokenAfter(1)).toBe(true);
  expect(figures.stalled).toBe(1);
});

it('who takes a byte in ten looks stays', () => {
  let looks = 0;
  const { isBrokenAfter } = open(() => Math.floor(looks++ / 10));
  expect(isBrokenAfter(200)).toBe(false);
});

it('who takes little stays where what waits is made more on its way', () => {
  let looks = 0;
  // Of four megabytes a hook has made eight: it looks as if some had been given back.
  const { isBrokenAfter } = open(() => 10_000_000 - (looks > 3 ? 4_000_000 : 0) + 10 * looks++);
  expect(isBrokenAfter(200)).toBe(false);
});

it('who cannot take anything yet has all of the time from when it can', () => {
  let looks = 0;
  const { isBrokenAfter } = open(() => (looks++ < 50 ? undefined : 5));
  expect(isBrokenAfter(60)).toBe(false);
  expect(isBrokenAfter(1)).toBe(true);
});

it('where nothing waits it is not looked what was taken', () => {
  const taken = vi.fn(() => 5);
  const { isBrokenAfter } = open(taken, () => false);
  expect(isBrokenAfter(100)).toBe(false);
  expect(taken).not.toHaveBeenCalled();
});

it.each([0, 120, 130, 240])(
  'who has ended has half a second to take the rest, from the answer after %i ms on',
  (answered) => {
    let isAnswered = false;
    const { connections, connection, isBrokenAfter } = open(() => (isAnswered ? 0 : undefined));
    const milliseconds = (count: number) => isBrokenAfter(count / LOOK);
    connections.breakOffSoon(connection);
    expect(milliseconds(answered)).toBe(false);
    isAnswered = true;
    expect(milliseconds(499)).toBe(false);
    expect(milliseconds(150)).toBe(true);
  },
);
