const MAX_LENGTH = 255;

/** The names polyfills use, since they cannot set the header. */
const QUERY_NAMES = ['lastEventId', 'last_event_id', 'evs_last_event_id'] as const;

/**
 * Where a client asks to resume: the `Last-Event-ID` header, else the query. Empty means none; a
 * longer text than any id is cut, so that it stays unknown instead of becoming "none".
 */
export function lastEventId(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  query: unknown,
): string | undefined {
  const header = headers['last-event-id'];
  if (typeof header === 'string' && header !== '') {
    // "encoded as UTF-8" (WHATWG HTML 9.2.3), but Node reads header bytes as latin1.
    return Buffer.from(header, 'latin1').toString('utf8').slice(0, MAX_LENGTH);
  }
  if (typeof query !== 'object' || query === null) return undefined;
  for (const name of QUERY_NAMES) {
    const value: unknown = Object.hasOwn(query, name) ? Reflect.get(query, name) : undefined;
    const text = Array.isArray(value) ? value.at(-1) : value;
    if (typeof text === 'string' && text !== '') return text.slice(0, MAX_LENGTH);
  }
  return undefined;
}
