import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../plugins/events/message.ts';
import { Turns } from '../../plugins/events/turns.ts';
import { seed } from '../support/random.ts';

const READERS = 4;
/** A thousand small entries, about. */
const MAX_BYTES = 256 * 1024;

/** What may happen to the turns of a feed. */
const step = fc.oneof(
  {
    arbitrary: fc.record({ push: fc.array(fc.boolean(), { minLength: 1, maxLength: 6 }) }),
    weight: 4,
  },
  { arbitrary: fc.record({ read: fc.nat(READERS - 1) }), weight: 5 },
  { arbitrary: fc.constant({ forget: true }), weight: 1 },
  { arbitrary: fc.constant({ flood: true }), weight: 1 },
);

type Step = { push: boolean[] } | { read: number } | { forget: true } | { flood: true };

/** A feed of one log and its readers: all turns are kept beside the ones under test. */
class Model {
  readonly #turns = new Turns(MAX_BYTES);
  readonly #pushed: Entry[][] = [];
  readonly #shown = Array.from({ length: READERS }, () => 0);
  #forgotten = 0;
  #head = 0;
  #made = 0;
  /** How often a reader was given something, and how often it was left to the log. */
  given = 0;
  left = 0;

  take(step: Step): void {
    if ('push' in step) this.#push(step.push);
    else if ('read' in step) this.#read(step.read);
    else if ('forget' in step) this.#forget();
    else this.#push(Array.from({ length: 700 }, (_, n) => n % 3 === 0));
  }

  #push(volatiles: readonly boolean[]): void {
    const from = this.#head;
    const entries = volatiles.map((volatile) => this.#entry(volatile));
    this.#pushed.push(entries);
    this.#turns.push(from, entries);
    expect(this.#turns.count).toBe(this.#pushed.length);
  }

  #entry(volatile: boolean): Entry {
    if (!volatile) this.#head += 1;
    this.#made += 1;
    const seq = this.#head;
    return { id: `e-${seq}`, seq, channel: 'c', event: 'message', data: `${this.#made}`, volatile };
  }

  #read(reader: number): void {
    const shown = this.#shown[reader] ?? 0;
    const due = this.#pushed.slice(shown);
    const batch = this.#turns.after(shown);
    // All who ask get the same.
    expect(this.#turns.after(shown)).toBe(batch);
    this.#shown[reader] = this.#pushed.length;
    const size = due.reduce((sum, { length }) => sum + length, 0);
    if (due.length === 0) return void expect(batch).toBeUndefined();
    if (batch === undefined) {
      // Nobody has been shown these, or they are too many.
      const kept = this.#pushed.slice(Math.max(shown, this.#forgotten)).flat().length;
      expect(shown < this.#forgotten || kept > 900).toBe(true);
      this.left += 1;
      return;
    }
    this.given += size;
    expect(batch.slices.flat()).toEqual(due.flat());
    const before = this.#pushed.slice(0, shown).flat();
    expect(batch.from).toBe(before.at(-1)?.seq ?? 0);
    const kept = due.flat().find((entry) => !entry.volatile);
    expect(batch.first).toBe(kept?.seq ?? Number.POSITIVE_INFINITY);
  }

  /** As a feed does after a pass: all readers have been shown so many. */
  #forget(): void {
    this.#forgotten = Math.min(...this.#shown);
    this.#turns.forget(this.#forgotten);
  }
}

describe('the turns of a feed', () => {
  it('of large entries are few', () => {
    const turns = new Turns();
    const data = 'x'.repeat(1024 * 1024);
    for (let seq = 1; seq <= 40; seq += 1) {
      turns.push(seq - 1, [{ id: `e-${seq}`, seq, channel: 'c', event: 'message', data }]);
    }
    expect(turns.after(24)).toBeUndefined();
    expect(
      turns
        .after(25)
        ?.slices.flat()
        .map(({ seq }) => seq)
        .slice(0, 2),
    ).toEqual([26, 27]);
    turns.forget(40);
    turns.push(40, []);
    expect(turns.after(40)?.from).toBe(40);
  });

  it('hold one that is larger than all of them may be', () => {
    const turns = new Turns();
    const data = 'x'.repeat(17 * 1024 * 1024);
    const entry = { id: 'e-1', seq: 1, channel: 'c', event: 'message', data };
    expect(turns.overflowsWith([entry])).toBe(false);
    turns.push(0, [entry]);
    expect(turns.overflowsWith([])).toBe(true);
    expect(turns.after(0)?.first).toBe(1);
  });
});

describe(`the turns of a feed (seed ${seed})`, () => {
  it('give each reader each entry once and in order, or leave it to the log', () => {
    let [given, left] = [0, 0];
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const model = new Model();
        for (const each of steps) model.take(each);
        given += model.given;
        left += model.left;
      }),
      { seed, numRuns: 400 },
    );
    expect(given).toBeGreaterThan(1000);
    expect(left).toBeGreaterThan(0);
  });
});
