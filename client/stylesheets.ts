import { importsOf, isSameFile } from './stylesheet-imports.ts';

type Owner = HTMLLinkElement | HTMLStyleElement;

interface Swap {
  readonly controller: AbortController;
  /** The imports to renew in one more swap, for an edit that came during this one. */
  again?: readonly string[];
}

/** A copy that says neither `load` nor `error`, as one taken out by the page, is given up. */
const LOAD_MS = 10_000;
/** What is loading when the next edit comes is out of date and may be half a file: not for long. */
const OUTDATED_MS = 200;

/** Swaps changed stylesheets in place: no flash, same order, same media, same state. */
export class Stylesheets {
  readonly #swaps = new Map<Owner, Swap>();
  readonly #copies = new Set<Owner>();

  /** @returns false where no stylesheet of the page comes from that URL */
  refresh(file: URL): boolean {
    let isFound = false;
    for (const owner of document.querySelectorAll('link[rel~="stylesheet" i][href], style')) {
      if (!isOwner(owner) || this.#copies.has(owner)) continue;
      const imports = owner.sheet ? importsOf(owner.sheet, file) : [];
      if (imports.length === 0 && !(isLink(owner) && isSameFile(owner.href, file))) continue;
      isFound = true;
      void this.#refresh(owner, imports);
    }
    return isFound;
  }

  async #refresh(owner: Owner, imports: readonly string[]): Promise<void> {
    const running = this.#swaps.get(owner);
    if (running) {
      if (!running.again) setTimeout(() => running.controller.abort(), OUTDATED_MS);
      running.again = [...(running.again ?? []), ...imports];
      return;
    }
    const swap: Swap = { controller: new AbortController() };
    this.#swaps.set(owner, swap);
    const timer = setTimeout(() => swap.controller.abort(), LOAD_MS);
    const current = await this.#swap(owner, imports, swap.controller.signal);
    clearTimeout(timer);
    this.#swaps.delete(owner);
    if (swap.again) await this.#refresh(current, swap.again);
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
    // Loaded without effect: no frame may show the old and the new rules together.
    copy.media = 'not all';
    this.#copies.add(copy);
    const isReplaced = await new Promise<boolean>((resolve) => {
      const end = (isLoaded: boolean): void => {
        if (!this.#copies.delete(copy)) return;
        if (isLoaded && owner.isConnected) replace(owner, copy);
        else copy.remove();
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
  const media = owner.getAttribute('media');
  if (media === null) copy.removeAttribute('media');
  else copy.media = media;
  // A sheet switched by script: the state is not in the markup that was copied.
  if (owner.sheet && copy.sheet && copy.sheet.disabled !== owner.sheet.disabled) {
    copy.sheet.disabled = owner.sheet.disabled;
  }
  owner.remove();
}

async function renew(url: string, signal: AbortSignal): Promise<void> {
  const response = await fetch(url, { cache: 'reload', signal });
  // Only a body that was read to its end is kept.
  await response.arrayBuffer();
}

function renewed(href: string): string {
  const url = new URL(href);
  url.searchParams.set('dev-serve', Date.now().toString(36));
  return url.href;
}

function isLink(element: Node): element is HTMLLinkElement {
  return element instanceof HTMLLinkElement;
}

function isOwner(element: Node): element is Owner {
  return isLink(element) || element instanceof HTMLStyleElement;
}
