/** How a browser reads a page of this type; undefined for what is no page, or one without scripts. */
export type PageSyntax = 'html' | 'xml' | undefined;

const XML_TYPES = new Set(['application/xhtml+xml', 'image/svg+xml']);

/** Reads the value of a Content-Type header. */
export function pageSyntax(contentType: string | undefined): PageSyntax {
  const essence = (contentType ?? '').replace(/;.*$/s, '').trim().toLowerCase();
  if (essence === 'text/html') return 'html';
  return XML_TYPES.has(essence) ? 'xml' : undefined;
}
