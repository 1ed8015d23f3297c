import { describeError, describeRejection, shortUrl } from './error-text.ts';
import type { LogEntry } from './reporter.ts';

type Log = (kind: LogEntry['kind'], text: string) => void;

/** What is more is a flood, and is dropped. */
const MAX_PER_SECOND = 10;
const MAX_TEXTS = 1000;
/** An element tells of its failure at once, the status of the request is known a moment later. */
const STATUS_MS = 100;

/**
 * Passes on what goes wrong in the page: errors of scripts, and requests that failed.
 *
 * A `fetch()` without an answer is seen by its caller only, unless that does not handle it.
 * @param isOwn whether a URL is one that the client itself asks for
 */
export function mirrorErrors(log: Log, isOwn: (url: string) => boolean): void {
  const said = new Set<string>();
  const failed = new Set<string>();
  let second = 0;
  let count = 0;

  const say: Log = (kind, text) => {
    const now = Math.floor(performance.now() / 1000);
    if (now !== second) [second, count] = [now, 0];
    if (said.has(text) || said.size >= MAX_TEXTS || count >= MAX_PER_SECOND) return;
    said.add(text);
    count++;
    log(kind, text);
  };

  const sayFailedLoad = (element: Element): void => {
    const url = urlOf(element);
    if (!url || isOwn(url)) return;
    setTimeout(() => {
      if (failed.has(url)) return;
      say('failed-request', `${shortUrl(url)} could not be loaded (${element.localName})`);
    }, STATUS_MS);
  };

  addEventListener(
    'error',
    (event: Event) => {
      if (event instanceof ErrorEvent) say('script-error', describeError(event, event.error));
      else if (event.target instanceof Element) sayFailedLoad(event.target);
    },
    // "error" events of elements do not bubble.
    true,
  );
  addEventListener('unhandledrejection', ({ reason }) => {
    say('script-error', describeRejection(reason));
  });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (!(entry instanceof PerformanceResourceTiming)) continue;
      const { name, responseStatus, initiatorType } = entry;
      // The browser asks for an icon by itself, whether there is one or not.
      const isIcon = initiatorType === 'other' && name === `${location.origin}/favicon.ico`;
      if (!(responseStatus >= 400) || isIcon || isOwn(name)) continue;
      failed.add(name);
      say('failed-request', `${shortUrl(name)} answered ${responseStatus} (${initiatorType})`);
    }
  }).observe({ type: 'resource', buffered: true });
}

function urlOf(element: Element): string {
  if (element instanceof HTMLImageElement || element instanceof HTMLMediaElement) {
    return element.currentSrc || element.src;
  }
  if (element instanceof HTMLLinkElement) return element.href;
  const source = element.getAttribute('src') ?? element.getAttribute('data');
  return source ? new URL(source, document.baseURI).href : '';
}
