import type { FileMatcher } from './file-matcher.ts';
import { renew, renewed } from './renew.ts';
import { rootsOf } from './roots.ts';
import { importsOf } from './stylesheet-imports.ts';

type Owner = HTMLLinkElement | HTMLStyleElement;

interface Swap {
  readonly controller: AbortController;
  /** Resolves when this swap has ended, and those that it gave rise to. */
  readonly shown: Promise<void>;
  /** The imports to renew in one more swap, for an edit that came during this one. */
  again?: readonly string[];
}

const OWNERS = 'link[rel~="stylesheet" i][href], style';
/** A copy that says neither `load` nor `error`, as one taken out by the page, is given up. */
const LOAD_MS = 10_000;
/** What is loading when the next edit comes is out of date and may be half a file: not for long. */
const OUTDATED_MS = 200;

/** Swaps changed stylesheets in place: no flash, same order, same media, same state. */
export class Stylesheets {
  readonly #swaps = new Map<Owner, Swap>();
  readonly #copies = new Set<Owner>();
  readonly #onLoaded: () => void;

  /** @param onLoaded called when a new stylesheet is there but has no effect yet */
  constructor(onLoaded: () => void) {
    this.#onLoaded = onLoaded;
  }

  /** @returns when the page shows the file; undefined where no stylesheet of the page is it */
  refresh(isFile: FileMatcher): Promise<void> | undefined {
    const swaps: Promise<void>[] = [];
    for (const owner of rootsOf().flatMap((root) => [...root.querySelectorAll(OWNERS)])) {
      if (!isOwner(owner) || this.#copies.has(owner)) continue;
      const imports = owner.sheet ? importsOf(owner.sheet, isFile) : [];
      if (imports.length === 0 && !(isLink(owner) && isFile(owner.href))) continue;
      swaps.push(this.#refresh(owner, imports));
    }
    return swaps.length > 0 ? Promise.all(swaps).then(() => {}) : undefined;
  }

  #refresh(owner: Owner, imports: readonly string[]): Promise<void> {
    const running = this.#swaps.get(owner);
    if (running) {
      if (!running.again) setTimeout(() => running.controller.abort(), OUTDATED_MS);
      running.again = [...(running.again ?? []), ...imports];
      return running.shown;
    }
    const controller = new AbortController();
    const swap: Swap = { controller, shown: this.#run(owner, imports, controller) };
    this.#swaps.set(owner, swap);
    return swap.shown;
  }

  async #run(owner: Owner, imports: readonly string[], controller: AbortController): Promise<void> {
    const timer = setTimeout(() => controller.abort(), LOAD_MS);
    const current = await this.#swap(owner, imports, controller.signal);
    clearTimeout(timer);
    // The next page asks for it by its own URL again. Not before: it would be in the way.
    if (isLink(owner)) renew(owner.href).catch(() => {});
    const again = this.#swaps.get(owner)?.again;
    this.#swaps.delete(owner);
    if (again) await this.#refresh(current, again);
  }

  /** @returns the element that is the stylesheet now */
  async #swap(owner: Owner, imports: readonly string[], signal: AbortSignal): Promise<Owner> {
    // A new query makes the owner's copy new, but not its imports: renew those in the cache.
    const urls = [...new Set(imports)];
    await Promise.allSettled(urls.map((url) => renew(url, signal)));
    const copy = owner.cloneNode(true);
    if (!isOwner(copy)) return owner;
    if (isLink(owner) && isLink(copy)) {
      copy.href = renewed(owner.href);
      // A disabled link is not fetched before it is enabled; whether script has enabled an
      // alternate one is a state that only the element itself knows.
      if (owner.disabled || owner.relList.contains('alternate')) {
        owner.href = copy.href;
        return owner;
      }
    }
    // Loaded without effect: no frame may show the old and the new rules together. Such a load
    // comes last, behind images, unless it is said to be urgent.
    copy.media = 'not all';
    copy.setAttribute('fetchpriority', 'high');
    this.#copies.add(copy);
    const isReplaced = await new Promise<boolean>((resolve) => {
      const end = (isLoaded: boolean): void => {
        if (!this.#copies.delete(copy)) return;
        if (isLoaded && owner.isConnected) {
          this.#onLoaded();
          replace(owner, copy);
        } else {
          copy.remove();
        }
        resolve(isLoaded);
      };
      copy.addEventListener('load', () => end(true));
      copy.addEventListener('error', () => end(false));
      signal.addEventListener('abort', () => end(false));
      if (signal.aborted) end(false);
      else owner.after(copy);
    });
    return isReplaced ? copy : owner;
  }
}

function replace(owner: Owner, copy: Owner): void {
  for (const name of ['media', 'fetchpriority']) {
    const value = owner.getAttribute(name);
    if (value === null) copy.removeAttribute(name);
    else copy.setAttribute(name, value);
  }
  // A sheet switched by script: the state is not in the markup that was copied.
  if (owner.sheet && copy.sheet && copy.sheet.disabled !== owner.sheet.disabled) {
    copy.sheet.disabled = owner.sheet.disabled;
  }
  owner.remove();
}

function isLink(element: Node): element is HTMLLinkElement {
  return element instanceof HTMLLinkElement;
}

function isOwner(element: Node): element is Owner {
  return isLink(element) || element instanceof HTMLStyleElement;
}
