const NONCE = /^[A-Za-z0-9+/_-]+={0,2}$/;
const NONCE_SOURCE = /^'nonce-(.+)'$/i;

/** Passes on a nonce of base64 or base64url characters; nothing else may enter an attribute. */
export function validNonce(nonce: string | undefined): string | undefined {
  return nonce !== undefined && NONCE.test(nonce) ? nonce : undefined;
}

/**
 * Finds the nonce that allows a script element, in one policy or a comma-separated list.
 *
 * @param policies - the value of a Content-Security-Policy header or of a meta tag's content
 */
export function nonceOfPolicy(policies: string): string | undefined {
  for (const policy of policies.split(',')) {
    for (const source of scriptSources(policy)) {
      const nonce = validNonce(NONCE_SOURCE.exec(source)?.[1]);
      if (nonce !== undefined) return nonce;
    }
  }
  return undefined;
}

function scriptSources(policy: string): readonly string[] {
  const directives = new Map<string, string[]>();
  for (const directive of policy.split(';')) {
    const [name = '', ...sources] = directive.trim().split(/[\t\n\f\r ]+/);
    const key = name.toLowerCase();
    // "If policy's directive set contains a directive whose name is directive name, continue."
    if (!directives.has(key)) directives.set(key, sources);
  }
  for (const name of ['script-src-elem', 'script-src', 'default-src']) {
    const sources = directives.get(name);
    if (sources !== undefined) return sources;
  }
  return [];
}
