import { describe, expect, it } from 'vitest';
import { Log } from '../../client/log.ts';

const entry = (id: string) => ({ id, event: 'message', data: '' });
const ids = (reading: ReturnType<Log['after']>) =>
  typeof reading === 'string' ? reading : reading.map(({ id }) => id);

function filled(from: number, to: number, capacity?: number): Log {
  const log = new Log({ epoch: 'a', seq: from }, capacity);
  log.moveTo(`a-${from}`, true);
  for (let seq = from + 1; seq <= to; seq++) log.append(entry(`a-${seq}`));
  return log;
}

describe('the log of a shared connection', () => {
  it('gives a cursor on it what it has missed, in order', () => {
    const log = filled(3, 6);
    expect(ids(log.after({ epoch: 'a', seq: 3 }))).toEqual(['a-4', 'a-5', 'a-6']);
    expect(ids(log.after({ epoch: 'a', seq: 5 }))).toEqual(['a-6']);
    expect(ids(log.after({ epoch: 'a', seq: 6 }))).toEqual([]);
  });

  it('gives a cursor ahead of it nothing', () => {
    expect(ids(filled(3, 6).after({ epoch: 'a', seq: 9 }))).toEqual([]);
  });

  it('tells a cursor from before it to ask the server', () => {
    expect(filled(3, 6).after({ epoch: 'a', seq: 2 })).toBe('behind');
  });

  it('forgets the oldest entries beyond its capacity', () => {
    const log = filled(0, 5, 2);
    expect(ids(log.after({ epoch: 'a', seq: 3 }))).toEqual(['a-4', 'a-5']);
    expect(log.after({ epoch: 'a', seq: 2 })).toBe('behind');
  });

  it('knows nothing of another epoch', () => {
    expect(filled(3, 6).after({ epoch: 'b', seq: 4 })).toBe('lost');
  });

  it('goes on after a resume without a loss', () => {
    const log = filled(3, 4);
    log.moveTo('a-4', true);
    log.append(entry('a-5'));
    expect(ids(log.after({ epoch: 'a', seq: 3 }))).toEqual(['a-4', 'a-5']);
  });

  it('keeps what it has when a position takes it further, or is one that it has passed', () => {
    const log = filled(3, 4);
    log.moveTo('a-9', true);
    expect(log.head).toBe('a-9');
    log.moveTo('a-3', true);
    expect(log.head).toBe('a-9');
    expect(ids(log.after({ epoch: 'a', seq: 3 }))).toEqual(['a-4']);
  });

  it('declares lost what the server could not resume, and no more', () => {
    const log = filled(3, 4);
    log.moveTo('a-9', false);
    expect(log.after({ epoch: 'a', seq: 4 })).toBe('lost');
    expect(log.after({ epoch: 'a', seq: 3 })).toBe('lost');
    expect(log.after({ epoch: 'a', seq: 5 })).toBe('behind');
    expect(ids(log.after({ epoch: 'a', seq: 9 }))).toEqual([]);
  });

  it('ignores repeated entries, other epochs and ids that are none', () => {
    const log = filled(3, 4);
    for (const id of ['a-4', 'a-1', 'b-5', '', 'a-x', 'a-5 ']) {
      expect(log.append(entry(id))).toBe(false);
    }
    log.moveTo('nonsense', false);
    expect(log.head).toBe('a-4');
  });
});
