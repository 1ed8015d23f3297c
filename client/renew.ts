/** Marks requests that are not the page's own in its resource timing. */
const MARK = '#dev-serve';
const PARAMETER = /[?&]dev-serve=\w*$/;

/** Brings the HTTP cache up to date; rejects where that is not possible. */
export async function renew(href: string, signal?: AbortSignal): Promise<void> {
  const url = new URL(href);
  url.search = url.search.replace(PARAMETER, '');
  url.hash = MARK;
  const response = await fetch(url, { cache: 'reload', ...(signal && { signal }) });
  // Only a body that was read to its end is kept.
  await response.arrayBuffer();
}

/** What is new from now on. */
export const newStamp = (): string => Date.now().toString(36);

/** The same URL as a new one for all caches; its own query is left as it is written. */
export function renewed(href: string, stamp = newStamp()): string {
  const url = new URL(href);
  const query = url.search.replace(PARAMETER, '');
  url.search = `${query}${query ? '&' : '?'}dev-serve=${stamp}`;
  return url.href;
}

/** Whether a request, by its name in the resource timing, was one of `renew()`. */
export const isRenewal = (name: string): boolean => name.endsWith(MARK);

/** Whether a URL is one of `renewed()`. */
export const isRenewed = (url: string): boolean => PARAMETER.test(new URL(url).search);
