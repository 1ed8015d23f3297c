/** Remembers one result per argument object, for as long as the object lives. */
export function memoize<Key extends object, Value>(compute: (key: Key) => Value) {
  const results = new WeakMap<Key, Value>();
  return (key: Key): Value => {
    const known = results.get(key);
    if (known !== undefined) return known;
    const value = compute(key);
    results.set(key, value);
    return value;
  };
}
