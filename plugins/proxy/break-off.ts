/** INTERNAL_ERROR (RFC 9113, 7). */
const INTERNAL_ERROR = 2;

/**
 * Makes it an error for the client that a response ends here. Over HTTP/1.1 a lost connection is
 * one; over HTTP/2 a stream that is only destroyed ends as if all were well.
 */
export function breakOff(response: object): void {
  if (!('stream' in response)) return;
  const { stream } = response;
  if (typeof stream !== 'object' || stream === null || !('close' in stream)) return;
  if (typeof stream.close === 'function') stream.close(INTERNAL_ERROR);
}
