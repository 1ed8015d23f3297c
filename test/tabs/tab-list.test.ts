import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TabList } from '../../plugins/tabs/tab-list.ts';
import { ReportingTab } from '../support/tab.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A list, and the ids of the tabs that have left it. */
function listOf(hasStreams = () => true) {
  const list = new TabList({ hasStreams });
  const left: string[] = [];
  list.onLeave(({ id }) => left.push(id));
  return { list, left };
}

const pagesOf = (list: TabList) => list.list().map(({ page }) => page);

describe('a tab', () => {
  it('is listed with what it shows, from when it opens until it is closed', () => {
    const { list, left } = listOf();
    const tab = new ReportingTab(list, 1, '/a?b');
    tab.open({ title: 'A' });
    expect(list.list()).toMatchObject([
      { page: '/a?b', title: 'A', browser: 'Firefox 145', since: Date.now() },
    ]);
    tab.close();
    vi.advanceTimersByTime(1500);
    expect(list.size).toBe(0);
    expect(left).toEqual(['tab-0000-1']);
  });

  it('that reloads has not left', () => {
    const { list, left } = listOf();
    const tab = new ReportingTab(list, 1);
    const { since } = tab.open();
    for (let reload = 0; reload < 5; reload++) {
      tab.close();
      vi.advanceTimersByTime(1400);
      expect(list.size).toBe(1);
      tab.open();
    }
    vi.advanceTimersByTime(5000);
    expect(list.list()).toMatchObject([{ since }]);
    expect(left).toEqual([]);
  });

  it('goes on to another page, in whichever order the two tell of it', () => {
    for (const order of ['close first', 'open first']) {
      const { list, left } = listOf();
      const first = new ReportingTab(list, 1, '/first');
      first.open({ title: 'First' });
      const second = first.with('/second');
      if (order === 'open first') second.open({ title: 'Second' });
      first.close();
      if (order === 'close first') second.open({ title: 'Second' });
      vi.advanceTimersByTime(5000);
      expect(list.list()).toMatchObject([{ page: '/second', title: 'Second', voices: 1 }]);
      expect(left).toEqual([]);
    }
  });

  it('that takes long to load after a reload is back with what it says of the reload', () => {
    const { list, left } = listOf();
    const tab = new ReportingTab(list, 1);
    tab.open();
    tab.close();
    tab.done(1, 'reload');
    vi.advanceTimersByTime(5000);
    tab.open();
    expect([list.size, left]).toEqual([1, []]);
  });

  it('shows its page, whatever its frames report', () => {
    const { list } = listOf();
    const tab = new ReportingTab(list, 1, '/top');
    tab.open();
    tab.with('/frame').done(1, 'none');
    expect(pagesOf(list)).toEqual(['/top']);
  });

  it('may leave with another path than it came with', () => {
    const { list } = listOf();
    const tab = new ReportingTab(list, 1, '/a');
    tab.open();
    vi.advanceTimersByTime(2000);
    tab.with('/b').close();
    vi.advanceTimersByTime(1500);
    expect(list.size).toBe(0);
  });

  it('that is closed is not kept by a report that was overtaken', () => {
    const { list } = listOf();
    const tab = new ReportingTab(list, 1);
    tab.open();
    tab.close();
    tab.done(1, 'none');
    vi.advanceTimersByTime(1500);
    expect(list.size).toBe(0);
  });
});

describe('a tab that does not answer', () => {
  it('two changes in a row is given up, and back with its next report', () => {
    const { list, left } = listOf();
    const tab = new ReportingTab(list, 1);
    const known = tab.open();
    list.miss(known);
    vi.advanceTimersByTime(2000);
    tab.done(1, 'none');
    list.miss(known);
    expect(list.size).toBe(1);
    vi.advanceTimersByTime(2000);
    list.miss(known);
    expect(list.size).toBe(0);
    expect(left).toEqual(['tab-0000-1']);
    list.miss(known);
    expect(left).toEqual(['tab-0000-1']);
    expect(tab.with('/back').done(1, 'none')).toMatchObject({ page: '/back', missed: 0 });
  });

  it('the many changes of one burst has missed one', () => {
    const { list } = listOf();
    const tab = new ReportingTab(list, 1).open();
    for (let change = 0; change < 100; change++) list.miss(tab);
    expect(list.size).toBe(1);
  });

  it('is gone when no stream is open, but not while it may be reloading', () => {
    let streams = 1;
    const { list, left } = listOf(() => streams > 0);
    const tab = new ReportingTab(list, 1);
    tab.open();
    vi.advanceTimersByTime(60_000);
    expect(list.size).toBe(1);
    tab.done(1, 'none');
    streams = 0;
    vi.advanceTimersByTime(1900);
    expect(list.size).toBe(1);
    vi.advanceTimersByTime(200);
    expect(list.size).toBe(0);
    expect(left).toEqual(['tab-0000-1']);
  });
});

describe('the list', () => {
  it('ends at a thousand, and takes more when some have left', () => {
    const { list } = listOf();
    const tabs = Array.from({ length: 1000 }, (_, id) => new ReportingTab(list, id));
    for (const tab of tabs) tab.open();
    const late = new ReportingTab(list, 'late');
    expect(() => late.open()).toThrow();
    expect(list.size).toBe(1000);
    tabs[500]?.close();
    vi.advanceTimersByTime(1500);
    late.open();
    expect(list.size).toBe(1000);
  });

  it('does not learn of tabs by their closing', () => {
    const { list } = listOf();
    new ReportingTab(list, 1).close();
    expect(list.size).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves no timer behind when it is closed, and tells nobody', () => {
    const { list, left } = listOf();
    for (let id = 0; id < 10; id++) {
      const tab = new ReportingTab(list, id);
      tab.open();
      tab.close();
    }
    expect(vi.getTimerCount()).toBe(10);
    list.close();
    expect(vi.getTimerCount()).toBe(0);
    expect([list.size, left]).toEqual([0, []]);
  });

  it('tells no listener that has ended', () => {
    const { list } = listOf();
    const told: string[] = [];
    const end = list.onLeave(({ id }) => told.push(id));
    end();
    new ReportingTab(list, 1).open();
    list.close();
    expect(told).toEqual([]);
  });
});
