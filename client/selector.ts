/** A selector that finds an element again in a page that is built alike. */
export function selectorOf(element: Element): string {
  const { id, localName, parentElement } = element;
  const type = CSS.escape(localName);
  const name = element.getAttribute('name');
  if (id && isUnique(`#${CSS.escape(id)}`)) return `#${CSS.escape(id)}`;
  if (name && isUnique(`${type}[name="${CSS.escape(name)}"]`)) {
    return `${type}[name="${CSS.escape(name)}"]`;
  }
  if (!parentElement) return ':root';
  const place = [...parentElement.children].indexOf(element) + 1;
  return `${selectorOf(parentElement)}>${type}:nth-child(${place})`;
}

function isUnique(selector: string): boolean {
  return document.querySelectorAll(selector).length === 1;
}
