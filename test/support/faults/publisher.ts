import { setTimeout as delay } from 'node:timers/promises';

/** An event whose publish was answered with its id. */
export interface Acknowledged {
  readonly id: string;
  readonly data: string;
}

/** A publish that was answered with something else, or not at all. */
export interface Refused {
  readonly code: string | undefined;
  readonly milliseconds: number;
}

export interface Pace {
  /** Milliseconds from one event to the next, where the server is that fast. @default 0 */
  readonly interval?: number;
  /** Most characters of an event beyond its number. @default 2048 */
  readonly filler?: number;
}

/** Publishes numbered events over HTTP, one after another, whatever happens, until it is stopped. */
export class Publisher {
  readonly origin: string;
  readonly channel: string;
  readonly acknowledged: Acknowledged[] = [];
  readonly refused: Refused[] = [];
  readonly #name: string;
  readonly #pace: Required<Pace>;
  #count = 0;
  #stopped = false;
  readonly #ended: Promise<void>;

  /** `name` tells it from others that publish on the same channel. */
  constructor(origin: string, channel: string, name: string, pace: Pace = {}) {
    this.origin = origin;
    this.channel = channel;
    this.#name = name;
    this.#pace = { interval: 0, filler: 2048, ...pace };
    this.#ended = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#ended;
  }

  async #run(): Promise<void> {
    const { interval, filler } = this.#pace;
    for (let due = performance.now(); !this.#stopped; due += interval) {
      if (due > performance.now()) await delay(due - performance.now());
      // A number is never used again: nobody knows what has become of one that was refused.
      this.#count += 1;
      const data = `${this.channel} ${this.#name} ${this.#count} ${text(this.#count, filler)}`;
      const begun = performance.now();
      const { id, code } = await post(this.origin, this.channel, data);
      if (id !== undefined) this.acknowledged.push({ id, data });
      else {
        this.refused.push({ code, milliseconds: performance.now() - begun });
        // A server that is down is not asked without a pause.
        await delay(20);
      }
    }
  }
}

interface Answer {
  readonly id?: string;
  readonly code?: string;
}

/** Publishes one event. */
export async function post(origin: string, channel: string, data: string): Promise<Answer> {
  try {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify(data);
    // Longer than the timeout of any store: an answer that is not coming.
    const signal = AbortSignal.timeout(10_000);
    const url = `${origin}/channels/${channel}`;
    const response = await fetch(url, { method: 'POST', headers, body, signal });
    const answer: Answer = await response.json();
    return answer;
  } catch {
    return {};
  }
}

/** Many sizes, so that every buffer fills. */
function text(count: number, most: number): string {
  return 'x'.repeat((count * 7919) % most);
}
