import { Readable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import {
  type EventHub,
  eventStream,
  type HttpRequest,
  type StreamSource,
} from '../../plugins/http.ts';
import { newHub } from '../support/event-hub.ts';
import { type ServerKind, serve, serverKinds } from '../support/http-servers.ts';

async function* countTo(last: number) {
  for (let n = 1; n <= last; n += 1) yield { event: 'count', data: { n } };
}

const COUNTED = 'retry: 250\nevent: count\ndata: {"n":1}\n\nevent: count\ndata: {"n":2}\n\n';

describe.each(serverKinds)('an event stream of $name', (kind) => {
  it.each([
    ['a generator function', () => () => countTo(2)],
    ['an async iterable', () => countTo(2)],
    ['a Readable', () => Readable.from(countTo(2))],
  ])('is fed from %s and ends with it', async (_name, source) => {
    const answer = await visitOf(kind, newHub({ retry: 250 }), source);
    expect(answer).toMatchObject({ text: COUNTED, ended: true });
  });

  it('tells a generator function of the request and where to go on', async () => {
    const answer = await visitOf(
      kind,
      newHub({ retry: 250 }),
      () =>
        async function* (context) {
          yield `${context.request.method} after ${context.lastEventId}, ${context.signal.aborted}`;
        },
    );
    expect(answer.text).toBe('retry: 250\ndata: GET after 7, false\n\n');
  });

  it('is fed by hand without a source', async () => {
    const hub = newHub({ retry: 250 });
    const origin = await serve(kind, (request, response) => {
      const stream = eventStream(request, response, undefined, { hub });
      stream.send({ event: 'tick', data: 1, id: '7' });
      stream.close();
      expect(stream.send('late')).toBe(false);
    });
    const answer = kind.visit(origin);
    await expect.poll(() => answer.ended).toBe(true);
    expect(answer.text).toBe('retry: 250\nevent: tick\ndata: 1\nid: 7\n\n');
  });

  it('ends when its source fails; the program is told, and the client is not', async () => {
    const onError = vi.fn();
    const hub = newHub({ retry: 250 });
    const failure = new Error('the password is 1234');
    const failing = () =>
      async function* () {
        yield 'fine';
        throw failure;
      };
    const answer = await visitOf(kind, hub, failing, onError);
    expect(answer).toMatchObject({ status: 200, text: 'retry: 250\ndata: fine\n\n', ended: true });
    expect(onError.mock.calls).toEqual([[failure]]);
    await expect.poll(() => hub.stats().streams).toBe(0);
  });
});

/** The whole answer of a server whose streams come from `source`. */
async function visitOf(
  kind: ServerKind,
  hub: EventHub,
  source: () => StreamSource<HttpRequest>,
  onError?: (error: Error) => void,
) {
  const origin = await serve(kind, (request, response) =>
    eventStream(request, response, source(), { hub, onError }),
  );
  const answer = kind.visit(origin, { headers: { 'last-event-id': '7' } });
  await expect.poll(() => answer.ended).toBe(true);
  return answer;
}
