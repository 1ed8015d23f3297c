export interface Point {
  readonly hours: number;
  readonly mebibytes: number;
}

/** Of the line through the points: MiB per hour, and what chance alone makes of that. */
export interface Slope {
  readonly perHour: number;
  /** Standard error: two of them to both sides are the 95 % that a result is worth. */
  readonly error: number;
}

/** By least squares. Infinitely uncertain with fewer than three points. */
export function slopeOf(points: readonly Point[]): Slope {
  const count = points.length;
  const meanHours = points.reduce((sum, { hours }) => sum + hours, 0) / count;
  const meanMebibytes = points.reduce((sum, { mebibytes }) => sum + mebibytes, 0) / count;
  let spread = 0;
  let product = 0;
  for (const { hours, mebibytes } of points) {
    spread += (hours - meanHours) ** 2;
    product += (hours - meanHours) * (mebibytes - meanMebibytes);
  }
  if (count < 3 || spread === 0) return { perHour: 0, error: Number.POSITIVE_INFINITY };
  const perHour = product / spread;
  const rest = points.reduce((sum, { hours, mebibytes }) => {
    return sum + (mebibytes - meanMebibytes - perHour * (hours - meanHours)) ** 2;
  }, 0);
  return { perHour, error: Math.sqrt(rest / (count - 2) / spread) };
}
