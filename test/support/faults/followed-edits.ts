import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import type { FileFollower } from './file-follower.ts';
import { inForm } from './form.ts';

const NAME = 'followed.txt';
const PACE_MILLISECONDS = 50;
/**
 * From an edit to its event: far more than a quiet machine takes (0.3 s), since the trial around it keeps
 * this one busy, and far less than it takes for who stalls to be ended.
 */
const LIMIT_MILLISECONDS = inForm(20_000, 5000);
const soon = { timeout: 60_000, interval: 5 };

/** Adds to a file while something else goes on, each time once the time before was told. */
export class FollowedEdits {
  /** So far. */
  count = 0;
  /** The longest time from an edit to its event, in milliseconds. */
  slowest = 0;
  readonly #path: string;
  readonly #follower: FileFollower;
  #start = 0;
  #isOver = false;
  #ended: Promise<void> = Promise.resolve();

  private constructor(root: string, follower: FileFollower) {
    this.#path = join(root, NAME);
    this.#follower = follower;
    onTestFinished(() => {
      this.#isOver = true;
    });
  }

  static async begin(root: string, follower: FileFollower): Promise<FollowedEdits> {
    const edits = new FollowedEdits(root, follower);
    writeFileSync(edits.#path, '');
    // What goes before the watcher has come to it for the first time is not told.
    const isKnown = () => {
      appendFileSync(edits.#path, 'x');
      return edits.#told.length > 0;
    };
    await expect.poll(isKnown, { ...soon, interval: 200 }).toBe(true);
    await follower.mirror.expectMark();
    edits.#start = follower.mirror.told.length;
    edits.#ended = edits.#run();
    // It is looked at in the end.
    edits.#ended.catch(() => {});
    return edits;
  }

  /** Each edit was told in time, once and in order, as all else was. */
  async expectTold(): Promise<void> {
    this.#isOver = true;
    await this.#ended;
    // What is told once more is told before this.
    await this.#follower.mirror.expectMark();
    expect(this.count).toBeGreaterThan(0);
    expect(this.#told).toEqual(Array.from({ length: this.count }, () => `write ${NAME}`));
    expect(this.slowest).toBeLessThan(LIMIT_MILLISECONDS);
    this.#follower.expectWhole();
  }

  get #told(): string[] {
    return this.#follower.mirror.told
      .slice(this.#start)
      .filter((told) => told.endsWith(` ${NAME}`));
  }

  async #run(): Promise<void> {
    while (!this.#isOver) {
      this.count += 1;
      const begun = performance.now();
      appendFileSync(this.#path, 'x');
      await expect.poll(() => this.#told.length, soon).toBeGreaterThanOrEqual(this.count);
      this.slowest = Math.max(this.slowest, performance.now() - begun);
      await delay(PACE_MILLISECONDS);
    }
  }
}
