const PAGE_BYTES = 256 * 1024;
const [LEAST, MOST] = [16, 1024];
/** Of so many entries the size is judged by. */
const MEMORY = 16;

/** How many entries make a page of about 256 KiB, if they are like those that were reported last. */
export class PageSize {
  #mean = 2048;

  /** One more entry of so many bytes. */
  add(bytes: number): void {
    this.#mean += (bytes - this.#mean) / MEMORY;
  }

  /** From 16 to 1024. */
  get entries(): number {
    return Math.min(MOST, Math.max(LEAST, Math.ceil(PAGE_BYTES / this.#mean)));
  }
}
