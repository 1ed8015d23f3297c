/** `act`, left out where it was done less than `pause` milliseconds ago. */
export function atMostEvery(pause: number, act: () => void): () => void {
  let last = Number.NEGATIVE_INFINITY;
  return () => {
    const now = performance.now();
    if (now - last < pause) return;
    last = now;
    act();
  };
}
