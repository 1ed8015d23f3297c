import type { Change, PageOptions } from './protocol.ts';
import { Stylesheets } from './stylesheets.ts';

/** What a change asks of this page; `swap` resolves when the page shows it. */
export type Update =
  | { readonly act: 'reload' | 'none' }
  | { readonly act: 'swap'; readonly shown: Promise<void> };

/** Decides what is the least that shows a change on this page, and does it, short of reloading. */
export class Updates {
  readonly #options: PageOptions;
  readonly #stylesheets = new Stylesheets();

  /** @param file URL path of the file that the page is, or '' for one that an app made */
  constructor(options: PageOptions, file: string) {
    this.#options = options;
    void file;
  }

  apply({ operation, path }: Change): Update {
    if (operation === 'chmod') return { act: 'none' };
    const isStylesheet = operation !== 'remove' && /\.css$/i.test(path);
    const url = new URL(this.#options.base.replace(/\/$/, '') + path, location.origin);
    const isSwapped = isStylesheet && this.#stylesheets.refresh(url);
    return isSwapped ? { act: 'swap', shown: Promise.resolve() } : { act: 'reload' };
  }
}
