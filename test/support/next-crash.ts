import { onTestFinished } from 'vitest';

/** The next error that nobody catches, which is not to end this test. */
export function nextCrash(): Promise<unknown> {
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  const restore = () => {
    process.removeAllListeners('uncaughtException');
    for (const listener of others) process.on('uncaughtException', listener);
  };
  onTestFinished(restore);
  return new Promise((resolve) => process.once('uncaughtException', resolve));
}
