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

/** Publishes numbered events over HTTP, one after another, whatever happens, until it is stopped. */
export class Publisher {
  readonly origin: string;
  readonly channel: string;
  readonly acknowledged: Acknowledged[] = [];
  readonly refused: Refused[] = [];
  readonly #name: string;
  #count = 0;
  #stopped = false;
  readonly #ended: Promise<void>;

  /** `name` tells it from others that publish on the same channel. */
  constructor(origin: string, channel: string, name: string) {
    this.origin = origin;
    this.channel = channel;
    this.#name = name;
    this.#ended = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#ended;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      // A number is never used again: nobody knows what has become of one that was refused.
      this.#count += 1;
      const data = `${this.channel} ${this.#name} ${this.#count} ${filler(this.#count)}`;
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
function filler(count: number): string {
  return 'x'.repeat((count * 7919) % 2048);
}
