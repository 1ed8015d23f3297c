/** Pages that are remembered, of this many bytes at most. */
const PAGES = 16;
const LONGEST = 64 * 1024;

/**
 * Finds out something about pages, and remembers it for those that were asked about last: most of
 * them come again as they were. Byte for byte: by nothing else can a page be told to be the same.
 */
export class KnownPages<Found> {
  readonly #find: (page: Buffer) => Found;
  /** By their lengths. */
  readonly #known = new Map<number, { readonly page: Buffer; readonly found: Found }>();

  /** @param find depends on the bytes of the page alone */
  constructor(find: (page: Buffer) => Found) {
    this.#find = find;
  }

  find(page: Buffer): Found {
    const known = this.#known.get(page.length);
    if (known?.page.equals(page)) return known.found;
    const found = this.#find(page);
    if (page.length <= LONGEST) this.#remember(page, found);
    return found;
  }

  #remember(page: Buffer, found: Found): void {
    this.#known.delete(page.length);
    // A copy: what is sent belongs to others, who may write to it.
    this.#known.set(page.length, { page: Buffer.from(page), found });
    const [oldest = 0] = this.#known.keys();
    if (this.#known.size > PAGES) this.#known.delete(oldest);
  }
}
