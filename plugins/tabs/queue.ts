/** Taken-off places that are kept before the rest is moved up. */
const SLACK = 1024;

/** First in, first out, with places that do not change while what is before them is taken off. */
export class Queue<Item> {
  #items: Item[] = [];
  #skipped = 0;
  #moved = 0;

  /** The place of the first item. */
  get start(): number {
    return this.#moved + this.#skipped;
  }

  /** The place after the last item. */
  get end(): number {
    return this.#moved + this.#items.length;
  }

  get first(): Item | undefined {
    return this.#items[this.#skipped];
  }

  at(place: number): Item | undefined {
    return place < this.start ? undefined : this.#items[place - this.#moved];
  }

  push(item: Item): void {
    this.#items.push(item);
  }

  shift(): void {
    if (this.#skipped === this.#items.length) return;
    this.#skipped += 1;
    if (this.#skipped < this.#items.length && this.#skipped < SLACK) return;
    this.#items.splice(0, this.#skipped);
    this.#moved += this.#skipped;
    this.#skipped = 0;
  }

  clear(): void {
    this.#moved = this.end;
    this.#items = [];
    this.#skipped = 0;
  }
}
