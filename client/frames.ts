import type { FileMatcher } from './file-matcher.ts';
import { briefly, rootsOf } from './roots.ts';

/** What a window has that is followed by a client. */
export const FOLLOWED = Symbol.for('dev-serve');

const framesOf = briefly((page) =>
  rootsOf(page).flatMap((root) => [...root.querySelectorAll('iframe, frame')].filter(isFrame)),
);

/**
 * Whether a frame that has no client, and so is left to the page around it, shows a file or has
 * loaded it; true as well where that cannot be told.
 */
export function mayBeInFrames(isFile: FileMatcher, page: Document = document): boolean {
  return framesOf(page).some((frame) => mayBeIn(frame, isFile));
}

function mayBeIn(frame: HTMLIFrameElement, isFile: FileMatcher): boolean {
  const { contentDocument: page, contentWindow: view } = frame;
  // Sandboxed, or of another origin: that has a client of its own, or is not of this server.
  if (!page || !view) return Boolean(frame.srcdoc) || originOf(frame.src) === origin;
  // One that is still loading will have a client, which catches up.
  if (page.readyState === 'loading' || FOLLOWED in view) return false;
  return isFile(view.location.href) || hasLoaded(view, isFile) || mayBeInFrames(isFile, page);
}

function hasLoaded(view: Window, isFile: FileMatcher): boolean {
  const loads = view.performance.getEntriesByType('resource');
  return loads.some(
    (load) => isFile(load.name) && !('initiatorType' in load && load.initiatorType === 'iframe'),
  );
}

/** By its name: an element of another window is no instance of this one's classes. */
function isFrame(element: Element): element is HTMLIFrameElement {
  return /^i?frame$/.test(element.localName);
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : '';
}
