/** What a reload would show; `unknown` where the server did not answer. */
export type PageState = 'there' | 'gone' | 'unknown';

/** Asks for the page, by GET: an app need not answer HEAD as it answers GET. */
export function askForPage(): Promise<PageState> {
  const { origin, pathname, search } = location;
  // Not location.href: "If parsedURL includes credentials, then throw a TypeError."
  return ask(origin + pathname + search, 'GET', (status) =>
    isMissing(status) && status !== shownStatus() ? 'gone' : 'there',
  );
}

/** Asks whether the server answers at all: reloading into one that restarts shows an error page. */
export function askForServer(url: string): Promise<PageState> {
  return ask(url, 'HEAD', () => 'there');
}

async function ask(
  url: string,
  method: string,
  judge: (status: number) => PageState,
): Promise<PageState> {
  const controller = new AbortController();
  let isForbidden = false;
  const onViolation = ({ effectiveDirective }: SecurityPolicyViolationEvent): void => {
    isForbidden ||= effectiveDirective === 'connect-src';
  };
  addEventListener('securitypolicyviolation', onViolation);
  try {
    const { status } = await fetch(url, {
      method,
      headers: { accept: 'text/html' },
      cache: 'no-store',
      // Where it leads to is the browser's business, and may be closed to fetch().
      redirect: 'manual',
      signal: controller.signal,
    });
    return judge(status);
  } catch {
    // The violation is reported in a task of its own.
    await new Promise((resolve) => setTimeout(resolve));
    return isForbidden ? 'there' : 'unknown';
  } finally {
    removeEventListener('securitypolicyviolation', onViolation);
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
