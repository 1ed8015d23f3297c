/** A function that remembers its result per argument object, for as long as the object lives. */
export interface Memoized<Key extends object, Value> {
  (key: Key): Value;
  /** The result, if it is known already. */
  known(key: Key): Value | undefined;
  /** Takes a result that is known already. */
  remember(key: Key, value: Value): void;
}

export function memoize<Key extends object, Value extends NonNullable<unknown>>(
  compute: (key: Key) => Value,
): Memoized<Key, Value> {
  const results = new WeakMap<Key, Value>();
  const recall = (key: Key): Value => {
    const known = results.get(key);
    if (known !== undefined) return known;
    const value = compute(key);
    results.set(key, value);
    return value;
  };
  return Object.assign(recall, {
    known: (key: Key) => results.get(key),
    remember: (key: Key, value: Value) => void results.set(key, value),
  });
}
