import type { IncomingHttpHeaders } from 'node:http';

/** Which pages a request may get injected. */
export type Decision = 'all' | 'documents' | 'none';

const DOCUMENT_DESTINATIONS = new Set(['document', 'iframe', 'frame']);
const BODILESS_OR_PARTIAL = new Set([204, 205, 206, 304]);

/** Decides which pages a request may get injected: it must load a document into a window. */
export function decideByRequest(method: string, headers: IncomingHttpHeaders): Decision {
  if (method !== 'GET' && method !== 'HEAD') return 'none';
  const destination = headers['sec-fetch-dest'];
  if (destination !== undefined) {
    return DOCUMENT_DESTINATIONS.has(String(destination).toLowerCase()) || isPassedOn(headers)
      ? 'all'
      : 'none';
  }
  // Browsers leave Sec-Fetch-Dest out on plain HTTP to other machines: guess.
  if (isScripted(headers)) return 'none';
  return decideByAccept(headers.accept);
}

/**
 * Tells whether a request that may get an injected page could be meant for one, so that no
 * handler may answer it from validators or ranges of the page before the injection.
 */
export function mayBeDocument(
  decision: Decision,
  headers: IncomingHttpHeaders,
  url: string,
): boolean {
  if (decision === 'none') return false;
  if (headers['sec-fetch-dest'] !== undefined || namesHtml(headers.accept)) return true;
  const lastSegment = /[^/]*$/.exec(url.replace(/[?#].*$/s, ''))?.[0] ?? '';
  return !lastSegment.includes('.') || /\.(?:x?html?|svg)$/i.test(lastSegment);
}

/** Decides whether a response of this status is the whole of a page to be shown. */
export function isWhole(statusCode: number, contentDisposition: string | undefined): boolean {
  if (statusCode < 200 || BODILESS_OR_PARTIAL.has(statusCode)) return false;
  // A download is the user's file, not a page.
  return !/^\s*attachment\s*(?:;|$)/i.test(contentDisposition ?? '');
}

/** A service worker that fetches a navigation itself has no window: its destination is empty. */
function isPassedOn(headers: IncomingHttpHeaders): boolean {
  return headers['sec-fetch-dest'] === 'empty' && headers['sec-fetch-mode'] === 'navigate';
}

function isScripted(headers: IncomingHttpHeaders): boolean {
  const requestedWith = String(headers['x-requested-with'] ?? '');
  return headers['hx-request'] !== undefined || /^xmlhttprequest$/i.test(requestedWith);
}

function decideByAccept(accept: string | undefined): Decision {
  if (accept === undefined || namesHtml(accept)) return 'all';
  return mediaRanges(accept).every((range) => range === '*/*') ? 'documents' : 'none';
}

function namesHtml(accept: string | undefined): boolean {
  return accept !== undefined && mediaRanges(accept).includes('text/html');
}

function mediaRanges(accept: string): string[] {
  return accept.split(',').map((range) => range.replace(/;.*$/s, '').trim().toLowerCase());
}
