import { setTimeout as delay } from 'node:timers/promises';
import { fetchEventSource } from '@microsoft/fetch-event-source';
import { createParser } from 'eventsource-parser';
import type { Peer } from './peer.ts';

/** A parser alone: the bytes come from fetch, and the loop resumes by hand. */
export const eventsourceParser: Peer = {
  name: 'eventsource-parser',
  available: true,
  transport: 'sse',
  open(url, _types, onEvent) {
    const controller = new AbortController();
    const { signal } = controller;
    let lastEventId = '';
    let retry = 1000;
    const parser = createParser({
      onEvent({ id = '', event: type = 'message', data }) {
        lastEventId = id;
        onEvent({ type, data, lastEventId });
      },
      onRetry(milliseconds) {
        retry = milliseconds;
      },
    });
    const read = async () => {
      const headers = { accept: 'text/event-stream', 'last-event-id': lastEventId };
      const { body } = await fetch(url, { headers, signal });
      const decoder = new TextDecoder();
      for await (const chunk of body ?? []) parser.feed(decoder.decode(chunk, { stream: true }));
    };
    const run = async () => {
      while (!signal.aborted) {
        await read().catch(() => {});
        parser.reset();
        await delay(retry, undefined, { signal }).catch(() => {});
      }
    };
    void run();
    return { close: () => controller.abort() };
  },
};

export const fetchEventSourcePeer: Peer = {
  name: '@microsoft/fetch-event-source',
  available: true,
  transport: 'sse',
  // It decodes each line on its own, which takes a BOM off each, and leaves out empty first lines.
  misreads: (data) =>
    data
      .split('\n')
      .map((line) => line.replace(/^\ufeff/, ''))
      .join('\n')
      .replace(/^\n+/, ''),
  open(url, _types, onEvent) {
    // Node has neither, and the client asks both for what browsers have there.
    const noListeners = { addEventListener() {}, removeEventListener() {} };
    Object.assign(globalThis, { window: globalThis, document: { hidden: false, ...noListeners } });
    const controller = new AbortController();
    void fetchEventSource(url, {
      signal: controller.signal,
      fetch,
      onmessage: ({ event, data, id }) =>
        onEvent({ type: event || 'message', data, lastEventId: id }),
      // Its documented way to come back after a clean end too.
      onclose() {
        throw new Error('ended');
      },
      onerror() {},
    });
    return { close: () => controller.abort() };
  },
};
