import type { KeyedQueue } from './keyed-queue.ts';
import { Links } from './links.ts';
import type { Sighting } from './look.ts';
import { Rounds } from './rounds.ts';

/** Looking where links lead may take this part of the time. */
const SHARE = 1 / 20;

/**
 * What is looked at again although nothing was reported: nothing tells what becomes of what a link leads
 * to, nor that a folder above the root was away for a moment, and all in it with it.
 */
export class Revisits {
  readonly #looks: KeyedQueue;
  readonly #rounds: Rounds;
  readonly #links = new Links();
  /** What was not there since the last beat, and what was not there before that. */
  #doubts = new Set<string>();
  #again = new Set<string>();

  constructor(looks: KeyedQueue) {
    this.#looks = looks;
    this.#rounds = new Rounds(SHARE, () => looks.settled());
  }

  /** What a look at a path has found. */
  note(path: string, sighting: Sighting): void {
    const target = 'target' in sighting ? sighting.target : undefined;
    const isLink = target !== undefined || ('isLink' in sighting && sighting.isLink);
    if (isLink) this.#links.set(path, target);
    else this.#links.delete(path);
    const isSecond = this.#again.delete(path);
    if (sighting.kind === 'absent' && !isLink && !isSecond) this.doubt(path);
  }

  /** It was not there, and may have been away for a moment. */
  doubt(path: string): void {
    this.#doubts.add(path);
  }

  /** Links to what is at a path now, and to where it was before. */
  linksTo(path: string, from = path): string[] {
    return [...this.#links.to(path), ...(from === path ? [] : this.#links.to(from))];
  }

  /** Some time has passed. */
  beat(): void {
    this.#again = this.#doubts;
    this.#doubts = new Set();
    for (const path of [...this.#again]) this.#looks.add(path);
    void this.#rounds.walk(this.#links.all(), (link) => this.#looks.add(link));
  }
}
