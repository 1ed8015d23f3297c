import { askForStatus, isOutage, shownStatus } from './page-state.ts';

/** How long until a page is asked for again: at first, and at most. */
const FIRST_DELAY_MS = 500;
const LAST_DELAY_MS = 4000;

/**
 * A page that says only that a server is not there for the moment (502, 503, 504) is asked for
 * until there is another answer. Any other page is left alone.
 * @param reload called when there is; more than once if the page stays nevertheless
 */
export async function waitForBetter(reload: () => void): Promise<void> {
  if (!isOutage(shownStatus())) return;
  for (let delay = FIRST_DELAY_MS; ; delay = Math.min(delay * 2, LAST_DELAY_MS)) {
    await new Promise((resolve) => setTimeout(resolve, delay));
    await visible();
    const answer = await askForStatus();
    if (answer === 'forbidden') return;
    if (answer !== 'unknown' && !isOutage(answer)) reload();
  }
}

/** Nobody looks at a hidden page: it need not be asked for. */
async function visible(): Promise<void> {
  if (!document.hidden) return;
  await new Promise((resolve) => {
    document.addEventListener('visibilitychange', resolve, { once: true });
  });
  return visible();
}
