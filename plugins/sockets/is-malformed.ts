/** Whether a request-target has a path that cannot be decoded. */
export function isMalformed(target: string): boolean {
  // The query may hold any bytes: a client sends its last event id there.
  const [path = ''] = target.split(/[?#]/, 1);
  try {
    decodeURI(path);
    return false;
  } catch {
    return true;
  }
}
