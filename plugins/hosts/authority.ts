/**
 * The one authority a request names, as written; `undefined` when it names none or more than one.
 *
 * @param rawHeaders - Names and values in turn, as Node reports them (duplicates included).
 */
export function requestAuthority(rawHeaders: readonly string[]): string | undefined {
  const hosts = valuesOf('host', rawHeaders);
  // HTTP/2: "the Host header field MUST NOT differ from :authority" (RFC 9113, 8.3.1).
  const authorities = valuesOf(':authority', rawHeaders);
  if (hosts.length > 1 || authorities.length > 1) return undefined;
  const [host] = hosts;
  const [authority = host] = authorities;
  return host === undefined || host === authority ? authority : undefined;
}

function valuesOf(name: string, rawHeaders: readonly string[]): string[] {
  const values: string[] = [];
  for (let index = 1; index < rawHeaders.length; index += 2) {
    const [other = '', value = ''] = [rawHeaders[index - 1], rawHeaders[index]];
    if (other.length === name.length && other.toLowerCase() === name) values.push(value);
  }
  return values;
}
