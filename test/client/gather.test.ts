import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Gather } from '../../client/gather.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('gathering', () => {
  it('ends a batch after quiet', () => {
    const flush = vi.fn();
    const gather = new Gather({ pace: () => ({ quiet: 20, cap: 300 }), prepare() {}, flush });
    gather.add();
    vi.advanceTimersByTime(19);
    gather.add();
    vi.advanceTimersByTime(19);
    expect(flush).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(flush).toHaveBeenCalledOnce();
    vi.advanceTimersByTime(1000);
    expect(flush).toHaveBeenCalledOnce();
  });

  it('ends a batch that never gets quiet at its cap, and starts the next one', () => {
    const flush = vi.fn();
    const gather = new Gather({ pace: () => ({ quiet: 20, cap: 300 }), prepare() {}, flush });
    for (let elapsed = 0; elapsed < 700; elapsed += 10) {
      gather.add();
      vi.advanceTimersByTime(10);
    }
    expect(flush).toHaveBeenCalledTimes(2);
    vi.advanceTimersByTime(20);
    expect(flush).toHaveBeenCalledTimes(3);
  });

  it('asks for the pace once per batch', () => {
    const pace = vi.fn(() => ({ quiet: 20, cap: 300 }));
    const gather = new Gather({ pace, prepare() {}, flush() {} });
    gather.add();
    gather.add();
    vi.advanceTimersByTime(20);
    gather.add();
    expect(pace).toHaveBeenCalledTimes(2);
  });

  it('prepares for the end while it is still gathering', () => {
    const [prepare, flush] = [vi.fn(), vi.fn()];
    const gather = new Gather({ pace: () => ({ quiet: 20, cap: 300 }), prepare, flush });
    gather.add();
    vi.advanceTimersByTime(9);
    expect(prepare).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(prepare).toHaveBeenCalledOnce();
    expect(flush).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1000);
    expect(flush).toHaveBeenCalledOnce();
    expect(prepare).toHaveBeenCalledOnce();
  });

  it('prepares once, also where the batch goes on', () => {
    const [prepare, flush] = [vi.fn(), vi.fn()];
    const gather = new Gather({ pace: () => ({ quiet: 20, cap: 300 }), prepare, flush });
    gather.add();
    vi.advanceTimersByTime(15);
    gather.add();
    vi.advanceTimersByTime(19);
    expect(flush).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(flush).toHaveBeenCalledOnce();
    expect(prepare).toHaveBeenCalledOnce();
    gather.add();
    vi.advanceTimersByTime(20);
    expect(prepare).toHaveBeenCalledTimes(2);
  });

  it('does not prepare for a batch that its cap has ended', () => {
    const [prepare, flush] = [vi.fn(), vi.fn()];
    const gather = new Gather({ pace: () => ({ quiet: 20, cap: 25 }), prepare, flush });
    for (let calls = 0; calls < 5; calls += 1) {
      gather.add();
      vi.advanceTimersByTime(5);
    }
    expect(flush).toHaveBeenCalledOnce();
    vi.advanceTimersByTime(1000);
    expect(prepare).not.toHaveBeenCalled();
    expect(flush).toHaveBeenCalledOnce();
  });
});
