/** The document and all shadow roots in it that are open. */
export function rootsOf(root: Document | ShadowRoot = document): (Document | ShadowRoot)[] {
  const hosts = [...root.querySelectorAll('*')];
  return [root, ...hosts.flatMap(({ shadowRoot }) => (shadowRoot ? rootsOf(shadowRoot) : []))];
}
