/** Longest wait of a client that nobody told to wait longer, before jitter. */
const CAP_MS = 30_000;
/** The server means the same by `retry: 0` as by the least that it may ask for. */
const LEAST_RETRY_MS = 100;
/** "If delay is greater than 2147483647 [...] then set delay to 1": browsers do as Node does. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** "408 Request Timeout", "425 Too Early" and "429 Too Many Requests" pass by themselves. */
const REFUSAL = /^4(?!08|25|29)/;
/** A refusal goes away when somebody does something about it, which is not soon. */
const REFUSAL_FAILURES = 3;

/**
 * How long to wait before the next attempt, in milliseconds: never less than the server asked for,
 * longer with each failure, and spread over half as long again.
 *
 * @param failures attempts in a row that have failed before this one
 * @param retry the reconnection time, in milliseconds
 * @param status what the server answered, where that is known
 */
export function backoff(failures: number, retry: number, status?: number): number {
  const floor = Math.max(LEAST_RETRY_MS, retry);
  const steps = REFUSAL.test(`${status}`) ? failures + REFUSAL_FAILURES : failures;
  const grown = Math.max(floor, Math.min(CAP_MS, floor * 2 ** steps));
  return Math.min(LONGEST_TIMER_MS, grown * (1 + Math.random() / 2));
}
