import type { DevServer } from '../create-dev-server.ts';
import type { Printer } from './printer.ts';

/**
 * Closes the server on the first signal; the second one ends the process at once.
 *
 * @returns aborted as soon as closing begins
 */
export function closeOnSignal(
  server: DevServer,
  print: Printer,
  fail: (reason: unknown) => void,
): AbortSignal {
  const closing = new AbortController();
  const close = async () => {
    closing.abort();
    await server.close();
    print({ type: 'close' });
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // Once: a second signal then does what it does by default.
    process.once(signal, () => {
      close().catch(fail);
    });
  }
  return closing.signal;
}
