import type { FileMatcher } from './file-matcher.ts';
import { isDefaultIcon } from './image-places.ts';
import { briefly, rootsOf } from './roots.ts';

const LOADING_LINKS =
  'link:is([rel~="stylesheet" i], [rel*="preload" i], [rel*="icon" i], [rel~="manifest" i])';
const NAMES = [':not(iframe, frame)[src]', `${LOADING_LINKS}[href]`, 'object[data]'].join();

const named = briefly((page) => {
  const elements = rootsOf(page).flatMap((root) => [...root.querySelectorAll(NAMES)]);
  return elements.map((element) => {
    const name = ['src', 'href', 'data'].find((attribute) => element.hasAttribute(attribute));
    return { url: element.getAttribute(name ?? '') ?? '', base: element.baseURI };
  });
});

/** Whether an element that loads files names this one, or a browser asks for it unnamed. */
export function namesFile(isFile: FileMatcher): boolean {
  return named().some(({ url, base }) => isFile(url, base)) || isDefaultIcon(isFile);
}
