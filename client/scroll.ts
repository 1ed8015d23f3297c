import { selectorOf } from './selector.ts';

/** Where something is scrolled to. */
export interface ScrollPosition {
  /** Of the element; '' for the page. */
  readonly selector: string;
  readonly left: number;
  readonly top: number;
}

/** More are not worth the room. */
const MAX_POSITIONS = 40;

/** What is scrolled away from its start, but for a page that takes care of that itself. */
export function scrollPositions(): ScrollPosition[] {
  const positions: ScrollPosition[] = [];
  if (history.scrollRestoration === 'manual') return positions;
  const root = document.scrollingElement;
  for (const element of document.querySelectorAll('*')) {
    const { scrollLeft: left, scrollTop: top } = element;
    if (left === 0 && top === 0) continue;
    positions.push({ selector: element === root ? '' : selectorOf(element), left, top });
    if (positions.length === MAX_POSITIONS) break;
  }
  return positions;
}

/** Scrolls one thing to where it was, as soon and as long as the layout lets it. */
export class ScrollTarget {
  readonly #position: ScrollPosition;
  #element: Element | null = null;
  #layout = '';
  #left = 0;
  #top = 0;
  #isReached = false;
  #isOver = false;

  constructor(position: ScrollPosition) {
    this.#position = position;
  }

  /** Whether it still has to be scrolled. */
  get isPending(): boolean {
    return !this.#isReached && !this.#isOver;
  }

  /** To be called once per frame. */
  update(): void {
    const element = this.#find();
    if (this.#isOver || !element) return;
    if (history.scrollRestoration === 'manual') {
      this.#isOver = true;
      return;
    }
    const { scrollLeft, scrollTop, scrollWidth, scrollHeight, clientWidth, clientHeight } = element;
    const layout = [scrollWidth, scrollHeight, clientWidth, clientHeight].join();
    const hasMoved = scrollLeft !== this.#left || scrollTop !== this.#top;
    const isKnown = element === this.#element;
    if (isKnown && layout === this.#layout) {
      // Nothing but the page itself or its user can have scrolled it.
      this.#isOver = hasMoved;
      return;
    }
    // What was reached moves with content that is put in above it, but not to its end: there it
    // was moved by content that was taken out.
    const isAtEnd = scrollTop + clientHeight >= scrollHeight - 1;
    if (isKnown && this.#isReached && hasMoved && !isAtEnd) {
      this.#isOver = true;
      return;
    }
    this.#element = element;
    this.#layout = layout;
    this.#scroll(element);
  }

  #find(): Element | null {
    const { selector } = this.#position;
    return selector ? document.querySelector(selector) : document.scrollingElement;
  }

  #scroll(element: Element): void {
    const { left, top } = this.#position;
    element.scrollTo({ left, top, behavior: 'instant' });
    this.#left = element.scrollLeft;
    this.#top = element.scrollTop;
    this.#isReached = Math.abs(this.#left - left) <= 1 && Math.abs(this.#top - top) <= 1;
  }
}
