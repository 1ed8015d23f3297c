import type { FileMatcher } from './file-matcher.ts';
import { rootsOf } from './roots.ts';

const LOADING_LINKS =
  'link:is([rel~="stylesheet" i], [rel*="preload" i], [rel*="icon" i], [rel~="manifest" i])';
const NAMES = [':not(iframe, frame)[src]', `${LOADING_LINKS}[href]`, 'object[data]'].join();

/** Whether an element that loads files names this one; frames tell for themselves. */
export function namesFile(isFile: FileMatcher): boolean {
  const elements = rootsOf().flatMap((root) => [...root.querySelectorAll(NAMES)]);
  return elements.some((element) => {
    const name = ['src', 'href', 'data'].find((attribute) => element.hasAttribute(attribute));
    return isFile(element.getAttribute(name ?? '') ?? '', element.baseURI);
  });
}
