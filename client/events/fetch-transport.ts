import type { TransportListener } from '../transports.ts';
import { EventStreamParser } from './event-stream-parser.ts';

export interface FetchOptions {
  /** Called for each attempt. */
  readonly headers: () => HeadersInit | Promise<HeadersInit>;
  readonly cursor: string;
  readonly withCredentials: boolean;
}

/** An event stream over fetch(), which can send headers and tells the status. */
export function openFetch(
  url: URL,
  listener: TransportListener,
  options: FetchOptions,
): () => void {
  const controller = new AbortController();
  void follow(url, listener, options, controller.signal);
  return () => controller.abort();
}

async function follow(
  url: URL,
  listener: TransportListener,
  options: FetchOptions,
  signal: AbortSignal,
): Promise<void> {
  let status: number | undefined;
  const parser = new EventStreamParser((frame) => {
    if (!signal.aborted) listener.frame(frame);
  });
  try {
    const headers = new Headers(await options.headers());
    headers.set('accept', 'text/event-stream');
    if (options.cursor) headers.set('last-event-id', options.cursor);
    // Headers of the app, a token for instance, would go with a redirect to wherever it leads.
    const response = await fetch(url, {
      signal,
      headers,
      redirect: 'error',
      cache: 'no-store',
      credentials: options.withCredentials ? 'include' : 'same-origin',
    });
    status = response.status;
    const isStream = /^text\/event-stream *(;|$)/i.test(`${response.headers.get('content-type')}`);
    if (status === 200 && isStream && response.body) {
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        parser.push(value);
      }
    } else {
      await response.body?.cancel();
    }
  } catch {
    // The status, if there was one, is all there is to know.
  }
  if (!signal.aborted) listener.lost(false, { status, retry: parser.retry });
}
