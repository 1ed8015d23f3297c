import { FOLLOWED } from './frames.ts';
import { followChanges } from './page.ts';
import { serveTabs } from './worker.ts';

// The same file is the page's script and the SharedWorker's, which has no document.
if (typeof document === 'undefined') {
  serveTabs(devServe);
} else {
  const { currentScript } = document;
  // A page that includes the script twice follows once.
  // A sandboxed frame is of another origin, which may not follow: its parent reloads it.
  const isForeign = origin === 'null';
  if (currentScript instanceof HTMLScriptElement && !isForeign && !(FOLLOWED in globalThis)) {
    Object.defineProperty(globalThis, FOLLOWED, { value: true });
    followChanges(devServe, currentScript, devServeVersion);
  }
}
