type Root = Document | ShadowRoot;

/** A burst of changes is not to walk through the document for each of them. */
const KEPT_MS = 100;

/** The document and all shadow roots in it that are open, as of a moment ago. */
export const rootsOf = briefly((root: Root): readonly Root[] => {
  const hosts = [...root.querySelectorAll('*')];
  return [root, ...hosts.flatMap(({ shadowRoot }) => (shadowRoot ? rootsOf(shadowRoot) : []))];
});

/** The same function, whose answer is kept for a moment. */
export function briefly<T>(compute: (root: Root) => T): (root?: Root) => T {
  const known = new WeakMap<Root, { readonly value: T; readonly at: number }>();
  return (root = document) => {
    const now = performance.now();
    const before = known.get(root);
    if (before && now - before.at < KEPT_MS) return before.value;
    const value = compute(root);
    known.set(root, { value, at: now });
    return value;
  };
}
