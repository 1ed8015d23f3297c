/** The links that were seen to lead to each file: nothing reports them when their file changes. */
export class Links {
  readonly #links = new Map<string, Set<string>>();

  add(target: string, link: string): void {
    const links = this.#links.get(target);
    if (links) links.add(link);
    else this.#links.set(target, new Set([link]));
  }

  /** Links to this file; some may have been led elsewhere since. */
  to(target: string): Iterable<string> {
    return this.#links.get(target) ?? [];
  }
}
