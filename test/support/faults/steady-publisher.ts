import { onTestFinished } from 'vitest';
import { type Acknowledged, post } from './publisher.ts';

export interface SteadySettings {
  readonly origin: string;
  /** Each has its turn. */
  readonly channels: readonly string[];
  readonly perSecond: number;
  readonly onAcknowledged?: (event: Acknowledged) => void;
}

const PACE_MILLISECONDS = 20;
/** That wait for an answer: a server that is slow is not flooded. */
const MOST_AT_ONCE = 20;
/** To make up for what a machine that stood still at the end has left. */
const PATIENCE_MILLISECONDS = 10_000;
/** Of what was due, this much has to be published. */
const QUOTA = 0.9;

/** Publishes so many events a second, and makes up for when it had no time to. */
export class SteadyPublisher {
  published = 0;
  failed = 0;
  readonly #settings: SteadySettings;
  readonly #begun = performance.now();
  readonly #timer: NodeJS.Timeout;
  readonly #open = new Set<Promise<void>>();
  #count = 0;
  #due = 0;

  constructor(settings: SteadySettings) {
    this.#settings = settings;
    this.#timer = setInterval(() => this.#catchUp(), PACE_MILLISECONDS);
    onTestFinished(() => clearInterval(this.#timer));
  }

  /** Resolves once everything is answered; there will be nothing more. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#catchUp();
    const end = performance.now() + PATIENCE_MILLISECONDS;
    while (this.#count < this.#due && performance.now() < end) {
      await Promise.race(this.#open);
      this.#publishDue();
    }
    await Promise.all(this.#open);
  }

  /** Publishes that were refused, or fewer than were due until it was stopped. */
  get wrong(): string[] {
    const isShort = this.published < QUOTA * this.#due;
    return [
      ...(this.failed > 0 ? [`${this.failed} of ${this.#count} publishes failed`] : []),
      ...(isShort ? [`${this.published} events published where ${this.#due} were due`] : []),
    ];
  }

  #catchUp(): void {
    const seconds = (performance.now() - this.#begun) / 1000;
    this.#due = Math.floor(seconds * this.#settings.perSecond);
    this.#publishDue();
  }

  #publishDue(): void {
    while (this.#count < this.#due && this.#open.size < MOST_AT_ONCE) {
      this.#count += 1;
      const answered = this.#publish(this.#count).finally(() => this.#open.delete(answered));
      this.#open.add(answered);
    }
  }

  async #publish(count: number): Promise<void> {
    const { origin, channels, onAcknowledged } = this.#settings;
    const channel = channels[count % channels.length] ?? '';
    const data = `${channel} ${count} ${'x'.repeat((count * 7919) % 2048)}`;
    const { id } = await post(origin, channel, data);
    if (id === undefined) this.failed += 1;
    else {
      this.published += 1;
      onAcknowledged?.({ id, data });
    }
  }
}
