import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { OutcomeCollector } from '../../plugins/tabs/outcome-collector.ts';
import type { Act, ChangeOutcome } from '../../plugins/tabs/outcomes.ts';
import { TabList } from '../../plugins/tabs/tab-list.ts';
import { ReportingTab } from '../support/tab.ts';

interface Event {
  readonly timestamp: number;
}

function collect() {
  const list = new TabList({ hasStreams: () => true });
  const outcomes: ChangeOutcome<Event>[] = [];
  const waiting = new OutcomeCollector<Event>(list, (outcome) => outcomes.push(outcome));
  return { list, outcomes, waiting };
}

const sum = ({ swap, reload, none }: ChangeOutcome<Event>['acts']) => swap + reload + none;
const range = (length: number) => Array.from({ length }, (_, index) => index);

describe('hundreds of tabs', () => {
  const ACTS: readonly Act[] = ['swap', 'reload', 'none'];

  it('are counted right, change by change', () => {
    const { list, outcomes, waiting } = collect();
    const tabs = range(300).map((id) => new ReportingTab(list, id).open());
    const timestamps = range(20);
    for (const timestamp of timestamps) waiting.add({ timestamp });
    for (const [index, tab] of tabs.entries()) {
      const act = ACTS[index % 3] ?? 'none';
      waiting.answer(
        tab,
        timestamps.map((timestamp) => ({ timestamp, act })),
      );
    }
    const acts = { swap: 100, reload: 100, none: 100 };
    expect(outcomes).toHaveLength(20);
    for (const outcome of outcomes) expect(outcome).toMatchObject({ tabs: 300, acts });
    list.close();
  });

  it('that all answer each of 5,000 changes take a few microseconds for each answer', () => {
    const { list, outcomes, waiting } = collect();
    const tabs = range(50).map((id) => new ReportingTab(list, id).open());
    const answers = range(5000).map((timestamp) => ({ timestamp, act: 'none' as const }));
    // Time of this process alone, as others may keep the machine busy.
    const before = process.cpuUsage();
    for (const { timestamp } of answers) waiting.add({ timestamp });
    for (const tab of tabs) {
      for (let from = 0; from < 5000; from += 1000) {
        waiting.answer(tab, answers.slice(from, from + 1000));
      }
    }
    const { user } = process.cpuUsage(before);
    expect(outcomes.map(({ acts }) => acts.none)).toEqual(range(5000).map(() => 50));
    expect(user / (50 * 5000)).toBeLessThan(10);
    list.close();
  });

  it('that reload for the last of 5,000 changes have done with all of them', () => {
    const { list, outcomes, waiting } = collect();
    const tabs = range(20).map((id) => new ReportingTab(list, id).open());
    for (const timestamp of range(5000)) waiting.add({ timestamp });
    for (const tab of tabs) waiting.answer(tab, [{ timestamp: 4999, act: 'reload' }]);
    expect(outcomes.map(({ acts }) => acts.reload)).toEqual(range(5000).map(() => 20));
    list.close();
  });
});

describe('whatever tabs do', () => {
  const tab = fc.nat(4);
  const step = fc.oneof(
    fc.record({ what: fc.constant('open' as const), tab, build: fc.option(fc.nat(30)) }),
    fc.record({ what: fc.constant('close' as const), tab }),
    fc.record({ what: fc.constant('change' as const) }),
    fc.record({
      what: fc.constant('done' as const),
      tab,
      timestamp: fc.nat(30),
      act: fc.constantFrom<Act>('swap', 'reload', 'none'),
    }),
    fc.record({ what: fc.constant('wait' as const), time: fc.nat(3000) }),
  );

  it('each change has one outcome, in order and in time, of no more tabs than there were', () => {
    vi.useFakeTimers();
    try {
      fc.assert(
        fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
          const { list, outcomes, waiting } = collect();
          const tabs = range(5).map((id) => new ReportingTab(list, id));
          let changes = 0;
          for (const each of steps) {
            const reporting = tabs['tab' in each ? each.tab : 0];
            if (each.what === 'wait') vi.advanceTimersByTime(each.time);
            if (each.what === 'change') waiting.add({ timestamp: changes++ });
            if (each.what === 'close') reporting?.close();
            if (each.what === 'open' && reporting) {
              waiting.open(reporting.open(), each.build ?? undefined);
            }
            if (each.what === 'done' && reporting)
              waiting.answer(reporting.done(each.timestamp, each.act), [each]);
          }
          vi.advanceTimersByTime(10_000);
          expect(outcomes.map(({ event }) => event.timestamp)).toEqual(range(changes));
          for (const { tabs, acts, duration } of outcomes) {
            expect(tabs).toBeLessThanOrEqual(steps.length);
            expect(sum(acts)).toBeLessThanOrEqual(tabs);
            expect(duration === undefined).toBe(sum(acts) === 0);
          }
          list.close();
          waiting.close();
          expect(vi.getTimerCount()).toBe(0);
        }),
        { numRuns: 300 },
      );
    } finally {
      vi.useRealTimers();
    }
  });
});
