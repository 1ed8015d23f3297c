import { type Focus, FocusTarget, readFocus } from './focus.ts';
import { type ScrollPosition, ScrollTarget, scrollPositions } from './scroll.ts';

/** How a page looks to its user. */
export interface View {
  readonly scroll: readonly ScrollPosition[];
  readonly focus?: Focus | undefined;
}

/** For so long after its load a page may still be building itself up. */
const SETTLE_MS = 5000;
/** What a user does is not undone. */
const USER_EVENTS = ['wheel', 'touchstart', 'mousedown', 'keydown'] as const;

/** Gives a page the view that it had before a reload, while it is built up. */
export class ViewKeeper {
  #kept: View | undefined;
  #targets: readonly (ScrollTarget | FocusTarget)[] = [];

  /** The view to be kept, which may be one that the page has not come back to yet. */
  read(): View {
    if (this.#kept && this.#targets.some(({ isPending }) => isPending)) return this.#kept;
    return { scroll: scrollPositions(), focus: readFocus() };
  }

  /** @param view undefined for a page that starts as it is */
  restore(view: View | undefined): void {
    if (!view) return;
    const { scroll, focus } = view;
    this.#kept = view;
    this.#targets = [
      ...scroll.map((position) => new ScrollTarget(position)),
      ...(focus ? [new FocusTarget(focus)] : []),
    ];
    if (this.#targets.length > 0) this.#follow();
  }

  #follow(): void {
    const controller = new AbortController();
    const { signal } = controller;
    const end = (): void => {
      this.#targets = [];
      controller.abort();
    };
    const onUser = ({ isTrusted }: Event): void => {
      if (isTrusted) end();
    };
    for (const type of USER_EVENTS) {
      addEventListener(type, onUser, { capture: true, passive: true, signal });
    }
    let loaded: number | undefined;
    // Frames tell of every growth, whatever it comes from, and wait while the page is hidden.
    const update = (now: number): void => {
      if (signal.aborted) return;
      if (document.readyState === 'complete') loaded ??= now;
      if (loaded !== undefined && now > loaded + SETTLE_MS) {
        end();
        return;
      }
      for (const target of this.#targets) target.update();
      requestAnimationFrame(update);
    };
    requestAnimationFrame(update);
  }
}
