/** What Fastify keeps to itself: under a symbol, of which each copy of it has another. */
export class HiddenField {
  readonly #description: string;
  #symbol: symbol | undefined;

  constructor(description: string) {
    this.#description = description;
  }

  /** Undefined where there is no such field. */
  of(owner: object): unknown {
    if (this.#symbol === undefined || !(this.#symbol in owner)) {
      this.#symbol = Object.getOwnPropertySymbols(owner).find(
        ({ description }) => description === this.#description,
      );
    }
    return this.#symbol && Reflect.get(owner, this.#symbol);
  }
}
