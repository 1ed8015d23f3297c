import type { Evaluator } from './connection.ts';
import type { Script } from './scripts.ts';

/** Runs a script, by its name if Redis knows it already. */
export async function evaluate(
  connection: Evaluator,
  { sha, source }: Script,
  key: string,
  args: readonly string[],
): Promise<unknown> {
  try {
    return await connection.evaluate('EVALSHA', sha, key, args);
  } catch (error) {
    if (!isUnknownScript(error)) throw error;
    return connection.evaluate('EVAL', source, key, args);
  }
}

/** Redis has started, or was told to forget scripts: this one has not run. */
export function isUnknownScript(error: unknown): boolean {
  return messageOf(error).startsWith('NOSCRIPT');
}

// A reply that is an error begins with its code in capitals; these go away by themselves.
const ERROR_REPLY = /^-?[A-Z]{2,} /;
const TEMPORARY = /^-?(LOADING|BUSY|READONLY|MASTERDOWN|TRYAGAIN|NOREPLICAS|UNBLOCKED) /;

/** Whether the same command may succeed soon: the connection was lost, or Redis is not ready yet. */
export function isTemporary(error: unknown): boolean {
  const message = messageOf(error);
  return !ERROR_REPLY.test(message) || TEMPORARY.test(message);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
