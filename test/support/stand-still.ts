/** Holds this thread up, as a process that is stopped or starved; the rest of the world goes on. */
export function standStill(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
