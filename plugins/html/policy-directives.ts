/** The directives of one policy by name, each with its values. */
export type Directives = ReadonlyMap<string, readonly string[]>;

/**
 * Reads a policy, or a list of them separated by commas.
 *
 * @param policies - the value of a Content-Security-Policy header or of a meta tag's content
 */
export function parsePolicies(policies: string): Directives[] {
  return policies.split(',').map(parsePolicy);
}

/** Of several directives the first that the policy has, with its name: one stands in for the next. */
export function firstDirective(
  directives: Directives,
  names: readonly string[],
): { readonly name: string; readonly sources: readonly string[] } | undefined {
  for (const name of names) {
    const sources = directives.get(name);
    if (sources !== undefined) return { name, sources };
  }
  return undefined;
}

function parsePolicy(policy: string): Directives {
  const directives = new Map<string, string[]>();
  for (const directive of policy.split(';')) {
    const [name = '', ...values] = directive.trim().split(/[\t\n\f\r ]+/);
    const key = name.toLowerCase();
    // "If policy's directive set contains a directive whose name is directive name, continue."
    if (!directives.has(key)) directives.set(key, values);
  }
  return directives;
}
