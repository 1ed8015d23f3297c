/** Adds names to the value of a Vary header: what was decided must not be cached for others. */
export function withVary(vary: string | undefined, names: readonly string[]): string {
  if (vary === undefined) return names.join(', ');
  const present = vary.split(',').map((name) => name.trim());
  const lowered = present.map((name) => name.toLowerCase());
  if (lowered.includes('*')) return '*';
  const added = names.filter((name) => !lowered.includes(name.toLowerCase()));
  return [...present, ...added].filter((name) => name !== '').join(', ');
}
