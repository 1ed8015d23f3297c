type Root = Document | ShadowRoot;

/** A burst of changes is not to walk through the document for each of them. */
const KEPT_MS = 100;

const known = new WeakMap<Root, { readonly roots: readonly Root[]; readonly at: number }>();

/** The document and all shadow roots in it that are open, as of a moment ago. */
export function rootsOf(root: Root = document): readonly Root[] {
  const now = performance.now();
  const before = known.get(root);
  if (before && now - before.at < KEPT_MS) return before.roots;
  const hosts = [...root.querySelectorAll('*')];
  const inner = hosts.flatMap(({ shadowRoot }) => (shadowRoot ? rootsOf(shadowRoot) : []));
  const roots = [root, ...inner];
  known.set(root, { roots, at: now });
  return roots;
}
