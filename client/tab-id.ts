import type { MarkStorage } from './reload-guard.ts';

const KEY = 'dev-serve:tab';
/** Says that a page is open under an id: one who finds it so has got a copy of the storage. */
const TAKEN = '!';

/**
 * The id of this tab, which its same-origin frames share.
 *
 * A tab that is duplicated, or opened by a script, starts with a copy of its opener's storage; its
 * page finds the id taken and draws another one.
 */
export class TabId {
  readonly value: string;
  readonly #storage: MarkStorage;

  /** @param isTop whether the page is that of the tab, not one of its frames */
  constructor(storage: MarkStorage, isTop: boolean) {
    const stored = storage.getItem(KEY) ?? '';
    const isCopy = isTop && stored.endsWith(TAKEN);
    this.#storage = storage;
    this.value = (isCopy ? '' : stored.replace(TAKEN, '')) || draw();
    if (isTop) this.take();
    else if (!stored) storage.setItem(KEY, this.value);
  }

  take(): void {
    this.#storage.setItem(KEY, this.value + TAKEN);
  }

  /** For the next page of the tab. */
  leave(): void {
    this.#storage.setItem(KEY, this.value);
  }
}

/** Not randomUUID(), which there is in "secure contexts" only. */
function draw(): string {
  return Math.random().toString(36).slice(2).padEnd(8, '0');
}
