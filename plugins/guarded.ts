/**
 * A callback of the user as one that neither throws nor rejects: what it does with what it is told
 * must not cost a page, a later listener or the process.
 *
 * @param onError told what it threw or rejected with
 */
export function guarded<Told extends readonly unknown[]>(
  callback: (...told: Told) => unknown,
  onError: (error: unknown) => void,
): (...told: Told) => void {
  return (...told) => {
    new Promise((resolve) => resolve(callback(...told))).catch(onError);
  };
}
