import type { Observed } from '../support/faults/baseline.ts';
import { type Point, type Slope, slopeOf } from './slope.ts';

const MIB = 1024 * 1024;
/** MiB per hour that a heap may grow by. */
const LIMIT = 1;

/** The heap of a server after collections of its garbage, over time. */
export class HeapTrend {
  readonly #server: Observed;
  readonly #points: Point[] = [];
  readonly #begun = performance.now();
  readonly #settling: number;

  /** `settling`: MiB that the engine may still add once, for code that it compiles anew. */
  constructor(server: Observed, settling: number) {
    this.#server = server;
    this.#settling = settling;
  }

  async sample(): Promise<void> {
    const { heapUsed } = await this.#server.figures();
    const hours = (performance.now() - this.#begun) / 3_600_000;
    this.#points.push({ hours, mebibytes: heapUsed / MIB });
  }

  /** Whether neither chance nor the engine explains that it grows by more than it may. */
  get isTooSteep(): boolean {
    return this.#slope.perHour - this.#resolution > LIMIT;
  }

  /** `0.31 MiB/h, resolved to 0.80, of 120 samples`. */
  toString(): string {
    const [perHour, resolution] = [this.#slope.perHour, this.#resolution].map((one) =>
      one.toFixed(2),
    );
    return `${perHour} MiB/h, resolved to ${resolution}, of ${this.#points.length} samples`;
  }

  get #slope(): Slope {
    return slopeOf(this.#points);
  }

  /** What a run of this length can tell apart, in MiB per hour. */
  get #resolution(): number {
    const { hours = 0 } = this.#points.at(-1) ?? {};
    return 2 * this.#slope.error + (this.#settling > 0 ? this.#settling / hours : 0);
  }
}
