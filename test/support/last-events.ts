import type { EventHubOptions } from '../../plugins/events/event-hub.ts';
import type { EventStream } from '../../plugins/events/event-stream.ts';
import type { Entry } from '../../plugins/events/message.ts';
import type { EventStore } from '../../plugins/events/store.ts';
import { memoryStore } from '../../plugins/events/stores/memory.ts';
import { newHub } from './event-hub.ts';

/** More than memory has without the store. */
export const EVENTS = 600;
export const CLOSE = 'event: dev-serve:close\n';

/** A memory store that answers a reader when it is told to. */
function gatedStore() {
  const inner = memoryStore({ limit: 2000 });
  const gate = new EventTarget();
  let reads = 0;
  let failure: Error | undefined;
  const store: EventStore = {
    append: (...args) => inner.append(...args),
    follow: (...args) => inner.follow(...args),
    async read(...args) {
      const page = await inner.read(...args);
      reads += 1;
      await new Promise((resolve) => gate.addEventListener('open', resolve, { once: true }));
      if (failure) throw failure;
      return page;
    },
    close: () => inner.close(),
  };
  const open = (error?: Error) => {
    failure = error;
    gate.dispatchEvent(new Event('open'));
  };
  return { store, open, reads: () => reads };
}

/** A channel with {@link EVENTS} events, and a reader of all of them that waits for the first page. */
export async function waitingReader(options: EventHubOptions = {}) {
  const gate = gatedStore();
  const hub = newHub({ ...options, store: gate.store });
  const channel = hub.channel('news');
  for (let n = 1; n <= EVENTS; n += 1) await channel.publish({ data: n });
  const beginning = { from: 'earliest' } as const;
  return { gate, hub, channel, beginning };
}

/** What a stream's client has got so far. */
export function textOf(stream: EventStream): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return () => text;
}

export const numbersIn = (text: string) =>
  [...text.matchAll(/^data: (\d+)$/gm)].map(([, n]) => Number(n));
export const upTo = (count: number) => Array.from({ length: count }, (_, n) => n + 1);

/** A store whose reports are made by hand, once it is opened. */
export function reportingStore(
  epoch: string,
  head: number,
  opened: Promise<void> = Promise.resolve(),
) {
  let listener = (_entry: Entry): void => {};
  const store: EventStore = {
    append: () => Promise.reject(new Error('not here')),
    async follow(report) {
      await opened;
      listener = report;
      return { epoch, head, stop() {} };
    },
    read: async () => ({ entries: [], gap: false }),
    async close() {},
  };
  const report = (of: string, seq: number, channel = 'news') =>
    listener({ channel, seq, id: `${of}-${seq}`, event: 'message', data: `${of}${seq}` });
  return { store, report };
}
