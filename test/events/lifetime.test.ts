import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { type Connection, Connections } from '../../plugins/events/connections.ts';
import { Figures } from '../../plugins/events/figures.ts';
import { endingsOf } from '../../plugins/events/lifetime.ts';

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['Date', 'setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'],
  });
  onTestFinished(() => void vi.useRealTimers());
});

/** A connection whose client takes nothing, not even the end; what is done with it, by when. */
function open(...[until, maxAge]: Parameters<typeof endingsOf>) {
  const connections = new Connections(
    {
      retry: 1000,
      heartbeatInterval: 1_000_000,
      stallTimeout: 1_000_000,
      maxStreams: 10,
      maxStreamsPerAddress: 10,
    },
    new Figures(),
  );
  const start = Date.now();
  const done: [what: string, after: number][] = [];
  const log = (what: string) => done.push([what, Date.now() - start]);
  const connection: Connection = {
    isPending: true,
    taken: 0,
    heartbeat: () => {},
    drain: () => connections.gone(connection),
    close: () => void log('closed'),
    terminate: () => {
      log('broken off');
      connections.gone(connection);
    },
  };
  connections.add(connection, '', endingsOf(until, maxAge));
  onTestFinished(() => connections.drain());
  return { done, leave: () => connections.gone(connection) };
}

it('E8: who may read until then is closed, and what is left is broken off within a second', () => {
  const { done } = open(new Date(Date.now() + 5000), undefined);
  vi.advanceTimersByTime(60_000);
  expect(done).toEqual([
    ['closed', 5000],
    ['broken off', 5625],
  ]);
});

it('who is only too old is closed, up to a fifth earlier, and takes what is left', () => {
  const { done } = open(undefined, 5000);
  vi.advanceTimersByTime(60_000);
  expect(done).toEqual([['closed', expect.any(Number)]]);
  expect(done[0]?.[1]).toBeGreaterThanOrEqual(4000);
  expect(done[0]?.[1]).toBeLessThanOrEqual(5000);
});

it('who is too old and then may not read any more is broken off then', () => {
  const { done } = open(new Date(Date.now() + 8000), 5000);
  vi.advanceTimersByTime(60_000);
  expect(done.map(([what]) => what)).toEqual(['closed', 'closed', 'broken off']);
  expect(done.at(-1)).toEqual(['broken off', 8625]);
});

it('who has left is left alone', () => {
  const { done, leave } = open(new Date(Date.now() + 8000), 5000);
  leave();
  vi.advanceTimersByTime(60_000);
  expect(done).toEqual([]);
});
