/**
 * The symbolic links below the root, and what each leads to: nothing reports what becomes of that, nor
 * of what is on the way there.
 */
export class Links {
  /** By link: a path below the root or a real one outside, or undefined where it leads nowhere. */
  readonly #targets = new Map<string, string | undefined>();
  readonly #links = new Map<string, Set<string>>();

  set(link: string, target: string | undefined): void {
    if (this.#targets.has(link) && this.#targets.get(link) === target) return;
    this.delete(link);
    this.#targets.set(link, target);
    if (target === undefined) return;
    const links = this.#links.get(target);
    if (links) links.add(link);
    else this.#links.set(target, new Set([link]));
  }

  /** There is no link at this path. */
  delete(link: string): void {
    const target = this.#targets.get(link);
    this.#targets.delete(link);
    if (target === undefined) return;
    const links = this.#links.get(target);
    links?.delete(link);
    if (links?.size === 0) this.#links.delete(target);
  }

  all(): string[] {
    return [...this.#targets.keys()];
  }

  /** Links to what is, or was, at this path; a copy. */
  to(target: string): string[] {
    return [...(this.#links.get(target) ?? [])];
  }
}
