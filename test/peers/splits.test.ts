import { EventSource } from 'eventsource';
import { createParser } from 'eventsource-parser';
import { describe, expect, it } from 'vitest';
import { EventStreamParser } from '../../client/events/event-stream-parser.ts';
import {
  encodeComment,
  encodeEvent,
  encodeFrame,
  encodeRetry,
} from '../../plugins/events/encode.ts';
import { type Frame, POSITION } from '../../plugins/events/message.ts';
import type { Received } from '../support/contiguity.ts';
import { news } from '../support/peers/news.ts';

type Chunks = readonly Uint8Array[];

/** Reads a stream that comes in these chunks. */
interface Reader {
  readonly name: string;
  read(chunks: Chunks, frames: readonly Frame[]): Promise<Received[]>;
}

const URL_OF_NONE = 'http://127.0.0.1:9/events';

const response = (chunks: Chunks) => async (): Promise<Response> => {
  const headers = { 'content-type': 'text/event-stream' };
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  return Object.defineProperty(new Response(body, { headers }), 'url', { value: URL_OF_NONE });
};

const readers: readonly Reader[] = [
  {
    name: 'eventsource-parser',
    async read(chunks) {
      const received: Received[] = [];
      const parser = createParser({
        onEvent: ({ id = '', event = 'message', data }) => received.push({ id, event, data }),
      });
      const decoder = new TextDecoder();
      for (const chunk of chunks) parser.feed(decoder.decode(chunk, { stream: true }));
      return received;
    },
  },
  {
    name: 'the parser of dev-serve/client',
    async read(chunks) {
      const received: Received[] = [];
      const parser = new EventStreamParser((frame) => received.push(frame));
      const decoder = new TextDecoder();
      for (const chunk of chunks) parser.push(decoder.decode(chunk, { stream: true }));
      return received;
    },
  },
  {
    name: 'eventsource',
    read: (chunks, frames) =>
      new Promise((resolve) => {
        const received: Received[] = [];
        const source = new EventSource(URL_OF_NONE, { fetch: response(chunks) });
        for (const type of new Set(frames.map(({ event }) => event || 'message'))) {
          source.addEventListener(type, ({ lastEventId, data }) => {
            received.push({ id: lastEventId, event: type, data });
          });
        }
        // The stream has ended: it would come back.
        source.addEventListener('error', () => {
          source.close();
          resolve(received);
        });
      }),
  },
];

/** What clients are known to disagree about, and all that a connection begins with. */
const frames: readonly Frame[] = [
  { event: POSITION, data: '{"recovered":true}' },
  ...news
    .filter(({ data }) => JSON.stringify(data).length < 40)
    .map(({ event = '', data }) => ({
      event,
      data: typeof data === 'string' ? data : JSON.stringify(data),
    })),
].map((frame, index) => ({ ...frame, id: `log-${index}` }));
const head = Buffer.from(encodeRetry(100) + encodeEvent(frames[0] ?? { event: '', data: '' }));
const rest = frames.slice(1).flatMap((frame) => [encodeFrame(frame), Buffer.from(encodeComment())]);
const wire = Buffer.concat([head, ...rest]);

const expected = frames.map(({ id = '', event, data }) => {
  const read = Buffer.from(data.replace(/\r\n?/g, '\n')).toString();
  return { id, event: event || 'message', data: read };
});

describe.each(readers)('$name', (reader) => {
  it('reads the same wherever a chunk ends', async () => {
    expect(await reader.read([wire], frames)).toEqual(expected);
    for (let at = 1; at < wire.length; at += 1) {
      const read = await reader.read([wire.subarray(0, at), wire.subarray(at)], frames);
      if (JSON.stringify(read) !== JSON.stringify(expected)) {
        expect({ at, read }).toEqual({ at, read: expected });
      }
    }
  });
});
