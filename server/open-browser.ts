import { setTimeout } from 'node:timers/promises';

/** Milliseconds in which a tab of an earlier run comes back. */
const GRACE = 1000;
const INTERVAL = 50;

/**
 * Opens a browser, unless a tab that is open already comes back within a second. Resolves to
 * whether it was to be opened.
 */
export async function openUnlessTab(
  url: string,
  hasTab: () => boolean,
  fail: (text: string) => void,
): Promise<boolean> {
  for (let waited = 0; waited < GRACE; waited += INTERVAL) {
    if (hasTab()) return false;
    await setTimeout(INTERVAL, undefined, { ref: false });
  }
  if (hasTab()) return false;
  await openBrowser(url, fail);
  return true;
}

/** Opens a browser; what goes wrong is told, and ends nothing. */
export async function openBrowser(url: string, fail: (text: string) => void): Promise<void> {
  const complain = () => fail(`No browser could be opened: open ${url} yourself`);
  try {
    const { default: open } = await import('open');
    const child = await open(url);
    // What it has started tells only by its exit code that it found no browser.
    child.once('exit', (code) => {
      if (code !== null && code !== 0) complain();
    });
  } catch {
    complain();
  }
}
