import { setTimeout as delay } from 'node:timers/promises';
import { type DeliverySettings, deliver } from './delivery.ts';
import { type PathEvent, Pending } from './pending.ts';

export interface OutboxSettings extends DeliverySettings {
  /** Milliseconds without a further change of the same file before it is told. */
  readonly debounce: number;
  /** Called when deliveries begin to fail, when they work again, and if some are left at the end. */
  readonly onFailure: (text: string) => void;
}

/** Tells one server of changes, one at a time and in their order. */
export class Outbox {
  readonly #settings: OutboxSettings;
  readonly #pending = new Pending();
  readonly #end = new AbortController();
  /** Ends the waiting for a change that is not due yet. */
  #hurry = new AbortController();
  #isClosing = false;
  #running: Promise<void> | undefined;
  #failed = 0;

  constructor(settings: OutboxSettings) {
    this.#settings = settings;
  }

  add(event: PathEvent): void {
    if (this.#isClosing) return;
    this.#pending.add(event, performance.now() + this.#settings.debounce);
    this.#running ??= this.#run();
  }

  /** Delivers what is left at once, and resolves when it is done or `grace` milliseconds are over. */
  async close(grace: number): Promise<void> {
    this.#isClosing = true;
    this.#hurry.abort();
    if (this.#running === undefined) return;
    // Not unref'd: the process stays until it is over.
    const timer = setTimeout(() => this.#end.abort(), grace);
    await this.#running;
    clearTimeout(timer);
  }

  async #run(): Promise<void> {
    const { signal } = this.#end;
    while (this.#pending.size > 0 && !signal.aborted) {
      await this.#untilDue();
      const event = this.#pending.take();
      if (event === undefined) break;
      const failure = await deliver(event, this.#settings, signal);
      if (signal.aborted && failure !== undefined) this.#pending.add(event, 0);
      else this.#note(failure);
    }
    this.#running = undefined;
    const { size } = this.#pending;
    if (size > 0) this.#tell(`closed before it was told of ${size} more changes`);
  }

  async #untilDue(): Promise<void> {
    for (;;) {
      const wait = (this.#pending.nextDue ?? 0) - performance.now();
      if (wait <= 0 || this.#isClosing) return;
      this.#hurry = new AbortController();
      const { signal } = this.#hurry;
      await delay(wait, undefined, { ref: false, signal }).catch(() => {});
    }
  }

  /** A server that is down for an hour is worth two lines, not one for each change. */
  #note(reason: string | undefined): void {
    if (reason !== undefined) {
      this.#failed += 1;
      if (this.#failed === 1) this.#tell(`${reason}; further failures are counted only`);
    } else if (this.#failed > 0) {
      this.#tell(`it works again; it was not told of ${this.#failed} changes`);
      this.#failed = 0;
    }
  }

  #tell(text: string): void {
    // Paths and queries of webhooks are often secrets.
    this.#settings.onFailure(`Webhook ${this.#settings.target.url.origin}: ${text}`);
  }
}
