import { setTimeout as delay } from 'node:timers/promises';
import { isTemporary, waitAfter } from './retry.ts';
import type { Target } from './target.ts';

/** How events are sent. */
export interface DeliverySettings {
  readonly target: Target;
  readonly method: string;
  readonly headers: readonly (readonly [string, string])[];
  /** Milliseconds for one attempt. */
  readonly timeout: number;
  /** Attempts after the first. */
  readonly retries: number;
}

interface Failure {
  /** What happened, in a few words, without the URL. */
  readonly reason: string;
  readonly isFinal: boolean;
  readonly retryAfter?: string | undefined;
}

/**
 * Sends one event, several times if need be.
 *
 * @param signal - ends the attempts
 * @returns undefined once it was taken, or why it was not
 */
export async function deliver(
  event: object,
  settings: DeliverySettings,
  signal: AbortSignal,
): Promise<string | undefined> {
  const body = JSON.stringify(event);
  for (let attempt = 1; ; attempt += 1) {
    const failure = await send(body, settings, signal);
    if (failure === undefined) return undefined;
    if (failure.isFinal || attempt > settings.retries || signal.aborted) return failure.reason;
    const wait = waitAfter(attempt, failure.retryAfter, Date.now());
    // Aborted: the next attempt fails at once, and is the last.
    await delay(wait, undefined, { ref: false, signal }).catch(() => {});
  }
}

async function send(
  body: string,
  { target, method, headers, timeout }: DeliverySettings,
  signal: AbortSignal,
): Promise<Failure | undefined> {
  try {
    const response = await fetch(target.url, {
      method,
      headers: headersOf(target, headers),
      body,
      // An address that the developer did not name gets neither the event nor the headers.
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]),
    });
    await response.body?.cancel();
    if (response.ok) return undefined;
    const { status } = response;
    const retryAfter = response.headers.get('retry-after') ?? undefined;
    return { reason: `it answered ${status}`, isFinal: !isTemporary(status), retryAfter };
  } catch (error) {
    return { reason: reasonOf(error, timeout), isFinal: false };
  }
}

function headersOf(
  { authorization }: Target,
  headers: readonly (readonly [string, string])[],
): Headers {
  const all = new Headers({ 'content-type': 'application/json' });
  if (authorization !== undefined) all.set('authorization', authorization);
  for (const [name, value] of headers) all.set(name, value);
  return all;
}

function reasonOf(error: unknown, timeout: number): string {
  if (!(error instanceof Error)) return 'it cannot be reached';
  if (error.name === 'TimeoutError') return `no answer within ${timeout} ms`;
  // "fetch failed" is all that fetch says itself.
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
  return `it cannot be reached${code}`;
}
