import type { FileMatcher } from './file-matcher.ts';
import { isDefaultIcon } from './image-places.ts';
import { rootsOf } from './roots.ts';

const LOADING_LINKS =
  'link:is([rel~="stylesheet" i], [rel*="preload" i], [rel*="icon" i], [rel~="manifest" i])';
const NAMES = [':not(iframe, frame)[src]', `${LOADING_LINKS}[href]`, 'object[data]'].join();

/** Whether an element that loads files names this one, or the browser by itself; frames tell for themselves. */
export function namesFile(isFile: FileMatcher): boolean {
  const elements = rootsOf().flatMap((root) => [...root.querySelectorAll(NAMES)]);
  const isNamed = elements.some((element) => {
    const name = ['src', 'href', 'data'].find((attribute) => element.hasAttribute(attribute));
    return isFile(element.getAttribute(name ?? '') ?? '', element.baseURI);
  });
  return isNamed || isDefaultIcon(isFile);
}
