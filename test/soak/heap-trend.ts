import type { Observed } from '../support/faults/baseline.ts';
import { judgeSlope, resolutionOf, type Verdict } from './judge-slope.ts';
import { type Point, type Slope, slopeOf } from './slope.ts';

const MIB = 1024 * 1024;

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

  get verdict(): Verdict {
    return judgeSlope(this.#slope, this.#settlingPerHour);
  }

  /** `0.31 MiB/h, resolved to 0.80 MiB/h, of 120 samples: steady`. */
  toString(): string {
    const resolution = resolutionOf(this.#slope, this.#settlingPerHour);
    const [slope, resolved] = [this.#slope.perHour, resolution].map((one) => one.toFixed(2));
    const samples = `of ${this.#points.length} samples`;
    return `${slope} MiB/h, resolved to ${resolved} MiB/h, ${samples}: ${this.verdict}`;
  }

  get #slope(): Slope {
    return slopeOf(this.#points);
  }

  get #settlingPerHour(): number {
    const { hours = 0 } = this.#points.at(-1) ?? {};
    return this.#settling > 0 ? this.#settling / hours : 0;
  }
}
