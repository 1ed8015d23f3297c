const MAX_STEPS = 3;
/** Of the letters that may be mistaken. */
const MAX_SHARE = 0.6;

/** The candidate that is least typing mistakes away, if it is near enough to be meant. */
export function nearest(text: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates
    .map((candidate) => ({
      candidate,
      steps: distance(text.toLowerCase(), candidate.toLowerCase()),
    }))
    .sort((one, other) => one.steps - other.steps);
  const best = ranked[0];
  if (best === undefined || best.steps > MAX_STEPS) return undefined;
  const longest = Math.max(text.length, best.candidate.length);
  return best.steps / longest < MAX_SHARE ? best.candidate : undefined;
}

/** Letters to insert, to remove, to replace, or to swap with their neighbour. */
function distance(from: string, to: string): number {
  const rows = [Array.from({ length: to.length + 1 }, (_, index) => index)];
  const at = (row: number, column: number) => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
  for (let row = 1; row <= from.length; row += 1) {
    const next = [row];
    rows.push(next);
    for (let column = 1; column <= to.length; column += 1) {
      const isSame = from[row - 1] === to[column - 1];
      const isSwapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      next.push(
        Math.min(
          at(row - 1, column - 1) + (isSame ? 0 : 1),
          at(row - 1, column) + 1,
          at(row, column - 1) + 1,
          isSwapped ? at(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
  }
  return at(from.length, to.length);
}
