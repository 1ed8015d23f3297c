// RFC 3986: what a query may be made of, and nothing that ends a header line.
const QUERY = /^\?[!-"$-~]*$/;

/**
 * Where a path with a slash too few or too many is found. Always relative, so that a folder called
 * "//host" or a prefix in front of us cannot lead elsewhere; undefined for a name that none can be.
 * @param name the last segment of the path, decoded
 * @param query with its `?`; what is none is left out
 */
export function slashRedirect(
  slash: 'missing' | 'surplus',
  name: string,
  query: string,
): string | undefined {
  const encoded = encode(name);
  if (encoded === undefined) return;
  const kept = QUERY.test(query) ? query : '';
  return slash === 'missing' ? `./${encoded}/${kept}` : `../${encoded}${kept}`;
}

function encode(name: string): string | undefined {
  if (name === '' || name === '.' || name === '..') return;
  try {
    return encodeURIComponent(name);
  } catch {
    // Half of a surrogate pair is no character.
    return;
  }
}
