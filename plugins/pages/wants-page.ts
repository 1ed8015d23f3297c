import type { IncomingHttpHeaders } from 'node:http';

const DOCUMENT_DESTINATIONS = new Set(['document', 'iframe', 'frame']);

/** Whether a browser is to show the answer to a request, rather than to use it in a page. */
export function wantsPage(headers: IncomingHttpHeaders): boolean {
  const destination = String(headers['sec-fetch-dest'] ?? '').toLowerCase();
  return DOCUMENT_DESTINATIONS.has(destination) || namesHtml(headers.accept);
}

function namesHtml(accept = ''): boolean {
  return accept.split(',').some((range) => /^\s*text\/html\s*(?:;|$)/i.test(range));
}
