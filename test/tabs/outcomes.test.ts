import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OutcomeCollector } from '../../plugins/tabs/outcome-collector.ts';
import type { Act, ChangeOutcome } from '../../plugins/tabs/outcomes.ts';
import { TabList } from '../../plugins/tabs/tab-list.ts';
import { ReportingTab } from '../support/tab.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface Event {
  readonly timestamp: number;
}

function collector(tabCount: number, hasStreams = () => true) {
  const list = new TabList({ hasStreams });
  const outcomes: ChangeOutcome<Event>[] = [];
  const waiting = new OutcomeCollector<Event>(list, (outcome) => outcomes.push(outcome));
  const tabs = Array.from({ length: tabCount }, (_, id) => new ReportingTab(list, id));
  for (const tab of tabs) tab.open();
  return {
    ...{ list, outcomes, waiting, tabs },
    change: (timestamp = Date.now(), savedAt?: number) => waiting.add({ timestamp }, savedAt),
    done: (tab: ReportingTab | undefined, timestamp: number, act: Act, ago = 0) => {
      if (tab !== undefined) waiting.answer(tab.done(timestamp, act), [{ timestamp, act, ago }]);
    },
  };
}

const acts = (swap: number, reload: number, none: number) => ({ swap, reload, none });

describe('what came of a change', () => {
  it('is told when all tabs have said what they did, with the time until the last one', () => {
    const { tabs, outcomes, change, done } = collector(3);
    const timestamp = Date.now();
    change(timestamp);
    vi.advanceTimersByTime(20);
    done(tabs[0], timestamp, 'swap');
    done(tabs[1], timestamp, 'none');
    expect(outcomes).toEqual([]);
    vi.advanceTimersByTime(80);
    done(tabs[2], timestamp, 'reload');
    expect(outcomes).toEqual([
      { event: { timestamp }, tabs: 3, acts: acts(1, 1, 1), duration: 100 },
    ]);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(20_000);
    expect(outcomes).toHaveLength(1);
  });

  it.each([
    [30, { sent: 30, duration: 150 }],
    [undefined, { sent: undefined, duration: 120 }],
  ])('says of a save %s ms ago when it was sent, and when it was applied', (age, times) => {
    const { tabs, outcomes, change, done } = collector(2);
    change(1, age === undefined ? undefined : Date.now() - age);
    vi.advanceTimersByTime(420);
    // The report has waited; who says that it was done before it was sent is not believed.
    done(tabs[0], 1, 'swap', 300);
    done(tabs[1], 1, 'swap', 5000);
    expect(outcomes).toMatchObject([times]);
  });

  it('is told at once when no tab is open', () => {
    const { outcomes, change } = collector(0);
    change(7);
    expect(outcomes).toEqual([
      { event: { timestamp: 7 }, tabs: 0, acts: acts(0, 0, 0), duration: undefined },
    ]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('counts a tab that was opened later, if the change got to it', () => {
    const { list, tabs, outcomes, change, done } = collector(1);
    change(1);
    const late = new ReportingTab(list, 'late');
    late.open();
    done(late, 1, 'none');
    done(tabs[0], 1, 'swap');
    expect(outcomes).toMatchObject([{ tabs: 2, acts: acts(1, 0, 1) }]);
  });

  it('does not wait for one that was opened later', () => {
    const { list, tabs, outcomes, change, done } = collector(1);
    change(1);
    new ReportingTab(list, 'late').open();
    done(tabs[0], 1, 'swap');
    expect(outcomes).toMatchObject([{ tabs: 1, acts: acts(1, 0, 0) }]);
  });

  it('never took less than no time, when changes of a burst are stamped ahead', () => {
    const { tabs, outcomes, change, done } = collector(1);
    change(Date.now() + 50);
    done(tabs[0], Date.now() + 50, 'none');
    expect(outcomes).toMatchObject([{ duration: 0 }]);
  });

  it('ignores what is said of changes that nobody knows', () => {
    const { tabs, outcomes, change, done } = collector(1);
    done(tabs[0], 5, 'reload');
    change(6);
    done(tabs[0], 5, 'none');
    expect(outcomes).toEqual([]);
    done(tabs[0], 6, 'none');
    done(tabs[0], 6, 'reload');
    expect(outcomes).toMatchObject([{ acts: acts(0, 0, 1) }]);
  });
});

describe('a tab that reloads', () => {
  it('is waited for while it is on its way', () => {
    const { tabs, outcomes, change, done } = collector(1);
    change(1);
    tabs[0]?.close();
    vi.advanceTimersByTime(1400);
    tabs[0]?.open();
    expect(outcomes).toEqual([]);
    done(tabs[0], 1, 'reload');
    expect(outcomes).toMatchObject([{ tabs: 1, acts: acts(0, 1, 0) }]);
  });

  it('has done with all that came before the change it reloaded for', () => {
    const { tabs, outcomes, change, done } = collector(2);
    for (const timestamp of [1, 2, 3, 4]) change(timestamp);
    done(tabs[0], 2, 'swap');
    done(tabs[0], 3, 'reload');
    for (const timestamp of [1, 2, 3]) done(tabs[1], timestamp, 'none');
    expect(outcomes.map((outcome) => outcome.acts)).toEqual([
      acts(0, 1, 1),
      acts(1, 0, 1),
      acts(0, 1, 1),
    ]);
  });

  it('has done with all that is in the page it has loaded', () => {
    const { waiting, tabs, outcomes, change } = collector(1);
    for (const timestamp of [1, 2, 3]) change(timestamp);
    tabs[0]?.close();
    const tab = tabs[0]?.open();
    if (tab) waiting.open(tab, 2);
    expect(outcomes.map(({ event, acts }) => [event.timestamp, acts.reload])).toEqual([
      [1, 1],
      [2, 1],
    ]);
    if (tab) waiting.open(tab, 3);
    expect(outcomes).toHaveLength(3);
  });

  it('is not counted for changes before it was opened', () => {
    const { list, waiting, outcomes, change } = collector(1);
    change(1);
    const late = new ReportingTab(list, 'late').open();
    waiting.open(late, 1);
    vi.advanceTimersByTime(2000);
    expect(outcomes).toMatchObject([{ tabs: 1, acts: acts(0, 0, 0), duration: undefined }]);
  });
});

describe('a tab that leaves', () => {
  it('is not waited for, and not counted', () => {
    const { tabs, outcomes, change, done } = collector(2);
    change(1);
    done(tabs[0], 1, 'none');
    tabs[1]?.close();
    vi.advanceTimersByTime(1500);
    expect(outcomes).toMatchObject([{ tabs: 1, acts: acts(0, 0, 1) }]);
  });

  it('is not counted either when nothing tells of it but that its stream is gone', () => {
    const { outcomes, change } = collector(1, () => false);
    vi.advanceTimersByTime(500);
    change(1);
    vi.advanceTimersByTime(2000);
    expect(outcomes).toMatchObject([{ tabs: 0, acts: acts(0, 0, 0) }]);
  });

  it('is counted if it had answered', () => {
    const { tabs, outcomes, change, done } = collector(2);
    change(1);
    done(tabs[0], 1, 'swap');
    tabs[0]?.close();
    vi.advanceTimersByTime(1500);
    done(tabs[1], 1, 'none');
    expect(outcomes).toMatchObject([{ tabs: 2, acts: acts(1, 0, 1) }]);
  });
});

describe('the frames of a tab', () => {
  /** A tab with a frame, after a first change that both have answered. */
  function withFrame() {
    const site = collector(1);
    const top = site.tabs[0];
    const frame = top?.with('/frame');
    site.change(0);
    site.done(top, 0, 'none');
    site.done(frame, 0, 'none');
    site.outcomes.length = 0;
    return { ...site, top, frame };
  }

  it('are one tab, which did the most that one of them did', () => {
    for (const [first, second, result] of [
      ['none', 'swap', acts(1, 0, 0)],
      ['swap', 'none', acts(1, 0, 0)],
      ['none', 'none', acts(0, 0, 1)],
      ['swap', 'reload', acts(0, 1, 0)],
    ] as const) {
      const { outcomes, change, done, top, frame } = withFrame();
      change(1);
      done(top, 1, first);
      expect(outcomes).toEqual([]);
      done(frame, 1, second);
      expect(outcomes).toMatchObject([{ tabs: 1, acts: result }]);
    }
  });

  it('are not waited for on another page', () => {
    const { outcomes, change, done, top } = withFrame();
    const next = top?.with('/next');
    next?.open();
    change(1);
    done(next, 1, 'swap');
    expect(outcomes).toMatchObject([{ tabs: 1, acts: acts(1, 0, 0) }]);
  });

  it('go with a page that reloads', () => {
    const { outcomes, change, done, top } = withFrame();
    change(1);
    done(top, 1, 'reload');
    expect(outcomes).toMatchObject([{ tabs: 1, acts: acts(0, 1, 0) }]);
  });

  it('go with a tab that leaves', () => {
    const { outcomes, change, done, top } = withFrame();
    change(1);
    done(top, 1, 'none');
    top?.close();
    vi.advanceTimersByTime(1500);
    expect(outcomes).toMatchObject([{ tabs: 1, acts: acts(0, 0, 1) }]);
  });

  it('that answered an earlier change go with a page that reloads for a later one', () => {
    const { outcomes, change, done, top, frame } = withFrame();
    change(1);
    change(2);
    done(frame, 1, 'swap');
    done(top, 2, 'reload');
    expect(outcomes.map((outcome) => outcome.acts)).toEqual([acts(1, 0, 0), acts(0, 1, 0)]);
  });

  it('that never answer are waited for only once', () => {
    const { outcomes, change, done, top } = withFrame();
    change(1);
    done(top, 1, 'none');
    vi.advanceTimersByTime(2000);
    expect(outcomes).toMatchObject([{ tabs: 1, acts: acts(0, 0, 1) }]);
    change(2);
    done(top, 2, 'none');
    expect(outcomes).toHaveLength(2);
  });
});

describe('a tab that says nothing', () => {
  it('is waited for until 2 seconds have gone by without a report', () => {
    const { tabs, outcomes, change, done } = collector(3);
    change(1);
    vi.advanceTimersByTime(1500);
    done(tabs[0], 1, 'none');
    vi.advanceTimersByTime(1500);
    done(tabs[1], 1, 'swap');
    vi.advanceTimersByTime(1999);
    expect(outcomes).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(outcomes).toMatchObject([{ tabs: 3, acts: acts(1, 0, 1) }]);
  });

  it('is waited for no longer than 10 seconds, whatever is reported besides', () => {
    const { tabs, outcomes, change, done } = collector(2);
    change(1);
    for (let second = 0; second < 9; second++) {
      vi.advanceTimersByTime(1000);
      done(tabs[0], 1, 'none');
    }
    vi.advanceTimersByTime(999);
    expect(outcomes).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(outcomes).toMatchObject([{ tabs: 2, acts: acts(0, 0, 1) }]);
  });

  it('is no longer counted after the second change', () => {
    const { list, tabs, outcomes, change, done } = collector(2);
    for (const timestamp of [1, 2, 3]) {
      change(timestamp);
      done(tabs[0], timestamp, 'none');
      vi.advanceTimersByTime(2000);
    }
    expect(outcomes.map((outcome) => outcome.tabs)).toEqual([2, 2, 1]);
    expect(list.size).toBe(1);
    done(tabs[1], 3, 'none');
    expect(list.size).toBe(2);
  });
});

describe('outcomes', () => {
  it('come in the order of the changes', () => {
    const { tabs, outcomes, change, done } = collector(1);
    for (const timestamp of [1, 2, 3]) change(timestamp);
    done(tabs[0], 3, 'none');
    done(tabs[0], 2, 'swap');
    expect(outcomes).toEqual([]);
    done(tabs[0], 1, 'none');
    expect(outcomes.map(({ event }) => event.timestamp)).toEqual([1, 2, 3]);
  });

  it('are told no more after the end, and leave no timer behind', () => {
    const { list, tabs, outcomes, waiting, change, done } = collector(1);
    change(1);
    waiting.close();
    list.close();
    expect(vi.getTimerCount()).toBe(0);
    done(tabs[0], 1, 'none');
    expect(outcomes).toEqual([]);
  });
});
