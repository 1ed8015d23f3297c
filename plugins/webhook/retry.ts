const STEP_MS = 1000;
const JITTER_MS = 250;
/** A server that asks for more gets this: the change would be stale. */
const LONGEST_WAIT_MS = 60_000;
/** "Request Timeout" and "Too Many Requests"; besides, what is the server's fault. */
const TEMPORARY = new Set([408, 429]);

/** Whether another attempt may do better than an answer with this status. */
export function isTemporary(status: number): boolean {
  return TEMPORARY.has(status) || status >= 500;
}

/**
 * How long to wait after a failed attempt: 1 s, 2 s, 3 s, and so on, or as the server says.
 *
 * @param attempt - from 1 on
 * @param retryAfter - the header of this name
 * @param now - milliseconds since the epoch
 */
export function waitAfter(attempt: number, retryAfter: string | undefined, now: number): number {
  const asked = parseRetryAfter(retryAfter, now);
  const wait = asked ?? attempt * STEP_MS + Math.random() * JITTER_MS;
  return Math.min(wait, LONGEST_WAIT_MS);
}

/** "Retry-After = HTTP-date / delay-seconds" */
function parseRetryAfter(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
