/** Sends JSON and resolves to the status and the JSON of the answer. */
export async function sendJson(
  url: string,
  method: string,
  data?: unknown,
): Promise<{ readonly status: number; readonly body: unknown }> {
  const headers = { 'content-type': 'application/json' };
  const init = data === undefined ? { method } : { method, headers, body: JSON.stringify(data) };
  const response = await fetch(url, init);
  return { status: response.status, body: await response.json() };
}
