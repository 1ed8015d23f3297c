import { isAbsolute } from 'node:path';

/** The links that were seen to lead to each file: nothing reports them when their file changes. */
export class Links {
  readonly #links = new Map<string, Set<string>>();

  add(target: string, link: string): void {
    const links = this.#links.get(target);
    if (links) links.add(link);
    else this.#links.set(target, new Set([link]));
  }

  /** Links to files outside of the root, whose folders nobody watches. */
  outward(): string[] {
    const outside = [...this.#links].filter(([target]) => isAbsolute(target));
    return outside.flatMap(([, links]) => [...links]);
  }

  /** Links to this file; some may have been led elsewhere since. */
  to(target: string): Iterable<string> {
    return this.#links.get(target) ?? [];
  }
}
