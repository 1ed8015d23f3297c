/** What a reload would show; `unknown` where the server did not answer. */
export type PageState = 'there' | 'gone' | 'unknown';

/** The status of an answer, 0 for a redirect; `unknown` without one, or the policy forbids asking. */
type Answer = number | 'unknown' | 'forbidden';

/**
 * Asks for the page, by GET: an app need not answer HEAD as it answers GET.
 * @param script URL of the client, which tells a server that is stopping from a page that fails
 * @param file URL path of the file that the page is, or '' for one that an app made
 */
export async function askForPage(script: string, file: string): Promise<PageState> {
  const answer = await askForStatus();
  if (answer === 'unknown') return answer;
  if (isOutage(answer)) return askForServer(script);
  if (isMissing(answer)) return answer === shownStatus() ? 'there' : 'gone';
  // A folder without its index page may be listed instead, which is not what the user looks at.
  const isIndex = location.pathname.endsWith('/') && file.endsWith('/index.html');
  return isIndex && isMissing(await ask(file, 'GET')) ? 'gone' : 'there';
}

/** Asks whether the server answers at all: reloading into one that restarts shows an error page. */
export async function askForServer(script: string): Promise<PageState> {
  const answer = await ask(script, 'HEAD');
  // One that is about to stop says so by 503, and by nothing a moment later.
  return answer === 'unknown' || isOutage(answer) ? 'unknown' : 'there';
}

/** Asks for this page as it would be shown by a reload. */
export function askForStatus(): Promise<Answer> {
  const { origin, pathname, search } = location;
  // Not location.href: "If parsedURL includes credentials, then throw a TypeError."
  return ask(origin + pathname + search, 'GET');
}

/** Whether a server says that the one behind it, or it itself, is not there for the moment. */
export function isOutage(status: Answer | undefined): boolean {
  return status === 502 || status === 503 || status === 504;
}

function isMissing(status: Answer): boolean {
  return status === 404 || status === 410;
}

/** The status that this page was answered with; undefined or 0 where the browser does not tell. */
export function shownStatus(): number | undefined {
  return navigation()?.responseStatus;
}

/** Whether the page was loaded by a reload, of whatever kind. */
export function isReloaded(): boolean {
  return navigation()?.type === 'reload';
}

function navigation(): PerformanceNavigationTiming | undefined {
  const [entry] = performance.getEntriesByType('navigation');
  return entry instanceof PerformanceNavigationTiming ? entry : undefined;
}

async function ask(url: string, method: string): Promise<Answer> {
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
    return status;
  } catch {
    // The violation is reported in a task of its own.
    await new Promise((resolve) => setTimeout(resolve));
    return isForbidden ? 'forbidden' : 'unknown';
  } finally {
    removeEventListener('securitypolicyviolation', onViolation);
    // The head of the response has told it all.
    controller.abort();
  }
}
