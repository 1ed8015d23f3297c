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

  constructor(server: Observed) {
    this.#server = server;
  }

  async sample(): Promise<void> {
    const { heapUsed } = await this.#server.figures();
    const hours = (performance.now() - this.#begun) / 3_600_000;
    this.#points.push({ hours, mebibytes: heapUsed / MIB });
  }

  get slope(): Slope {
    return slopeOf(this.#points);
  }

  /** Whether chance alone does not explain that it grows by more than it may. */
  get isTooSteep(): boolean {
    const { perHour, error } = this.slope;
    return perHour - 2 * error > LIMIT;
  }

  /** `0.31 MiB/h, resolved to 0.8, of 120 samples`. */
  toString(): string {
    const { perHour, error } = this.slope;
    const resolved = (2 * error).toFixed(2);
    return `${perHour.toFixed(2)} MiB/h, resolved to ${resolved}, of ${this.#points.length} samples`;
  }
}
