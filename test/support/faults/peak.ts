/** The fullest of so many equal parts of the time that they take, as a multiple of the mean part. */
export function peakOverMean(times: readonly number[], parts: number): number {
  const first = times.reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY);
  const last = times.reduce((one, other) => Math.max(one, other), first);
  const counts = new Array<number>(parts).fill(0);
  for (const time of times) {
    const part = Math.min(parts - 1, Math.floor(((time - first) / (last - first || 1)) * parts));
    counts[part] = 1 + (counts[part] ?? 0);
  }
  return Math.max(...counts) / (times.length / parts);
}
