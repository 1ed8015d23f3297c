import { isReloaded } from './page-state.ts';
import type { MarkStorage } from './reload-guard.ts';
import type { View } from './view.ts';

/** What a page leaves for the one that takes its place by a reload. */
interface Left {
  /** The page that left it. */
  readonly url: string;
  /** Times of the reloads so far, in milliseconds since the Unix epoch. */
  readonly reloads: readonly number[];
  /** Timestamps of the changes that the reload is for. */
  readonly changes: readonly number[];
  readonly view: View;
}

export interface HandoverStorage extends MarkStorage {
  removeItem(key: string): void;
}

/** Hands over from a page to its successor in the same frame, once. */
export class Handover {
  readonly #storage: HandoverStorage;
  readonly #place = placeOf(window);
  readonly #left: Left | undefined;

  constructor(storage: HandoverStorage) {
    this.#storage = storage;
    this.#left = this.#take();
  }

  /** Nothing after a reload by hand: what a page leaves is taken by the next one only. */
  get reloads(): readonly number[] {
    return (isReloaded() && this.#left?.reloads) || [];
  }

  get changes(): readonly number[] {
    return (isReloaded() && this.#left?.changes) || [];
  }

  /** How the page looked, if it is the same one. */
  get view(): View | undefined {
    return this.#left?.url === location.href ? this.#left.view : undefined;
  }

  leave(left: Omit<Left, 'url'>): void {
    const value: Left = { url: location.href, ...left };
    this.#storage.setItem(keyOf(this.#place), JSON.stringify(value));
  }

  /** The page has not been left. */
  withdraw(): void {
    this.#storage.removeItem(keyOf(this.#place));
  }

  /** To be called when the page is left: the page around it may be reloading by its own client. */
  leaveWithOuter(readView: () => View): void {
    const steps = this.#place.split('/');
    const outer = steps.map((_, depth) => steps.slice(0, depth).join('/')).slice(1);
    if (!outer.some((place) => this.#storage.getItem(keyOf(place)) !== null)) return;
    this.leave({ reloads: [], changes: [], view: readView() });
  }

  #take(): Left | undefined {
    try {
      const value: unknown = JSON.parse(this.#storage.getItem(keyOf(this.#place)) ?? 'null');
      this.withdraw();
      return isLeft(value) ? value : undefined;
    } catch {
      return undefined;
    }
  }
}

function keyOf(place: string): string {
  return `dev-serve:left:${place}`;
}

/** Where a frame is among those of its tab, as in `/0/2`; '' for the page of the tab. */
function placeOf(frame: Window): string {
  const { parent } = frame;
  if (parent === frame) return '';
  let index = 0;
  while (index < parent.length && parent[index] !== frame) index++;
  return `${placeOf(parent)}/${index}`;
}

function isLeft(value: unknown): value is Left {
  if (typeof value !== 'object' || value === null) return false;
  if (!('reloads' in value && 'changes' in value && 'view' in value)) return false;
  const { reloads, changes, view } = value;
  const scroll = typeof view === 'object' && view !== null && 'scroll' in view && view.scroll;
  return [reloads, changes, scroll].every(Array.isArray);
}
