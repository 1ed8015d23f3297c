/** What a reload would show; `unknown` where the server did not answer. */
export type PageState = 'there' | 'gone' | 'unknown';

/** Asks for the page, by GET: an app need not answer HEAD as it answers GET. */
export async function askForPage(): Promise<PageState> {
  const { origin, pathname, search } = location;
  const controller = new AbortController();
  try {
    // Not location.href: "If parsedURL includes credentials, then throw a TypeError."
    const { status } = await fetch(origin + pathname + search, {
      headers: { accept: 'text/html' },
      cache: 'no-store',
      // Where it leads to is the browser's business, and may be closed to fetch().
      redirect: 'manual',
      signal: controller.signal,
    });
    return isMissing(status) && status !== shownStatus() ? 'gone' : 'there';
  } catch {
    return 'unknown';
  } finally {
    // The head of the response has told it all.
    controller.abort();
  }
}

function isMissing(status: number): boolean {
  return status === 404 || status === 410;
}

function shownStatus(): number | undefined {
  const [navigation] = performance.getEntriesByType('navigation');
  return navigation instanceof PerformanceNavigationTiming ? navigation.responseStatus : undefined;
}
