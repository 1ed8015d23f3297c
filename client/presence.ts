import type { Reporter } from './reporter.ts';
import type { TabId } from './tab-id.ts';

/** Tells of the page of a tab when it is open, and when it is left. */
export function tellPresence(tab: TabId, reporter: Reporter): void {
  const open = (): void => reporter.open();
  if (document.readyState === 'complete') open();
  else addEventListener('load', open, { once: true });
  addEventListener('pagehide', () => {
    tab.leave();
    reporter.close();
  });
  addEventListener('pageshow', ({ persisted }) => {
    if (!persisted) return;
    tab.take();
    open();
  });
}
