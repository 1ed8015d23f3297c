import { selectorOf } from './selector.ts';

/** The element that had the focus. */
export interface Focus {
  readonly selector: string;
  /** Of the text in it: start, end, direction. */
  readonly selection?: readonly [number, number, 'forward' | 'backward' | 'none'];
}

/** @returns undefined where nothing has the focus, or another frame does */
export function readFocus(): Focus | undefined {
  const { activeElement } = document;
  if (!activeElement || isFree(activeElement) || isFrame(activeElement) || !isActive(window)) {
    return undefined;
  }
  const selector = selectorOf(activeElement);
  if (!isTextField(activeElement)) return { selector };
  const { selectionStart, selectionEnd, selectionDirection } = activeElement;
  // "null" for types that have no selection, as number.
  if (selectionStart === null || selectionEnd === null) return { selector };
  return { selector, selection: [selectionStart, selectionEnd, selectionDirection ?? 'none'] };
}

/** Gives the focus back, but takes it from nothing that has got it meanwhile. */
export class FocusTarget {
  readonly #focus: Focus;
  #element: HTMLElement | undefined;

  constructor(focus: Focus) {
    this.#focus = focus;
  }

  /** Whether the element has not had the focus yet. */
  get isPending(): boolean {
    return !this.#element;
  }

  /** To be called once per frame. */
  update(): void {
    // An element that has lost the focus is let alone, one that was replaced is not.
    if (this.#element?.isConnected || !isFree(document.activeElement) || !isActive(window)) return;
    const element = document.querySelector(this.#focus.selector);
    if (!(element instanceof HTMLElement)) return;
    element.focus({ preventScroll: true });
    if (document.activeElement !== element) return;
    this.#element = element;
    if (this.#focus.selection && isTextField(element) && element.selectionStart !== null) {
      element.setSelectionRange(...this.#focus.selection);
    }
  }
}

/** Whether nothing has the focus: "the body element", or what stands for it. */
function isFree(element: Element | null): boolean {
  return !element || /^(body|html|frameset)$/.test(element.localName);
}

function isFrame(element: Element): boolean {
  return /^i?frame$/.test(element.localName);
}

/** Whether a frame has the focus of its tab, or nothing has it that it would be taken from. */
function isActive({ parent, self, frameElement }: Window): boolean {
  if (parent === self) return true;
  // The page around it is of another origin: this is all there is to be seen.
  if (!frameElement) return document.hasFocus();
  const { activeElement, defaultView } = frameElement.ownerDocument;
  const isHere = activeElement === frameElement || isFree(activeElement);
  return isHere && defaultView !== null && isActive(defaultView);
}

function isTextField(element: Element): element is HTMLInputElement | HTMLTextAreaElement {
  return element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement;
}
