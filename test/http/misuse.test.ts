import { once } from 'node:events';
import Koa from 'koa';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  createEventHub,
  eventStream,
  type HttpRequest,
  type HttpResponse,
} from '../../plugins/http.ts';
import { newHub } from '../support/event-hub.ts';
import { visit } from '../support/event-request.ts';
import { nodeHttp, serve, serverKinds } from '../support/http-servers.ts';
import { nextCrash } from '../support/next-crash.ts';

const coded = (code: string) => expect.objectContaining({ code: `DEV_SERVE_ERR_${code}` });

/** What `misuse` throws on a request of this kind of server, whose answer is then "own". */
async function thrownBy(
  misuse: (request: HttpRequest, response: HttpResponse) => unknown,
  kind = nodeHttp,
) {
  const thrown: unknown[] = [];
  const origin = await serve(kind, (request, response) => {
    try {
      misuse(request, response);
    } catch (error) {
      thrown.push(error);
    }
    if (!response.writableEnded) response.end('own');
  });
  const answer = kind.visit(origin);
  await expect.poll(() => answer.ended).toBe(true);
  return { thrown, answer };
}

describe('eventStream() refuses, with a coded error and before it writes anything,', () => {
  const news = createEventHub().channel('news');

  it.each<[string, string, unknown, object | undefined]>([
    ['a stream without a channel and without a hub', 'INVALID_OPTION', undefined, undefined],
    ['a hub that is none', 'INVALID_OPTION', undefined, { hub: {} }],
    ['a hub that is not the one of the channel', 'INVALID_OPTION', news, { hub: createEventHub() }],
    ['channels of two hubs', 'INVALID_SOURCE', [news, createEventHub().channel('a')], undefined],
    ['a source that is none', 'INVALID_SOURCE', [news, 1], undefined],
    ['an unknown option', 'INVALID_OPTION', news, { form: 'now' }],
    ['an address that is none', 'INVALID_OPTION', news, { address: 1 }],
    ['a listener that is none', 'INVALID_OPTION', news, { onError: true }],
    ['a time that is none', 'INVALID_OPTION', news, { until: 'tomorrow' }],
  ])('%s', async (_name, code, source, options) => {
    const { thrown, answer } = await thrownBy((...pair) =>
      Reflect.apply(eventStream, undefined, [...pair, source, options]),
    );
    expect(thrown).toEqual([coded(code)]);
    expect(answer.headers['content-type']).toBeUndefined();
    expect(answer.text).toBe('own');
    expect(news.size).toBe(0);
  });

  it('what is no request and no response of node:http', () => {
    for (const pair of [[], [{}, {}], [{ headers: {} }, { set: () => {} }]]) {
      expect(() => Reflect.apply(eventStream, undefined, [...pair, news])).toThrow(
        coded('INVALID_RESPONSE'),
      );
    }
  });
});

describe.each(serverKinds)('a response of $name', (kind) => {
  it('that has begun is refused, and one that has ended', async () => {
    const news = newHub().channel('news');
    const begun = await thrownBy((request, response) => {
      response.writeHead(200);
      eventStream(request, response, news);
    }, kind);
    expect(begun.thrown).toEqual([coded('RESPONSE_SENT')]);
    expect(begun.answer.text).toBe('own');
    const ended = await thrownBy((request, response) => {
      response.end('done');
      eventStream(request, response, news);
    }, kind);
    expect(ended.thrown).toEqual([coded('RESPONSE_SENT')]);
    expect(news.size).toBe(0);
  });

  it('that has a stream already takes no second one', async () => {
    const news = newHub().channel('news');
    const thrown: unknown[] = [];
    const origin = await serve(kind, (request, response) => {
      eventStream(request, response, news);
      try {
        eventStream(request, response, news);
      } catch (error) {
        thrown.push(error);
      }
    });
    const answer = kind.visit(origin);
    await expect.poll(() => answer.text).toContain('position');
    await news.publish({ data: 'once' });
    await expect.poll(() => answer.text).toContain('data: once\n');
    expect(answer.text.match(/data: once\n/g)).toHaveLength(1);
    expect(thrown).toEqual([coded('RESPONSE_SENT')]);
  });

  it('that somebody else ends crashes nothing and lets its stream go', async () => {
    const news = newHub().channel('news');
    const origin = await serve(kind, (request, response) => {
      const stream = eventStream(request, response, news);
      response.end();
      stream.send('after the end');
    });
    const answer = kind.visit(origin);
    await expect.poll(() => answer.closed).toBe(true);
    await expect.poll(() => news.size).toBe(0);
  });
});

describe('a listener to failed sources that fails itself', () => {
  it('crashes the process and leaves no stream open', async () => {
    const hub = newHub();
    const crash = new Error('from the listener');
    const crashed = nextCrash();
    const origin = await serve(nodeHttp, (request, response) =>
      eventStream(
        request,
        response,
        async function* () {
          yield await Promise.reject<string>(new Error('from the source'));
        },
        {
          hub,
          onError: () => {
            throw crash;
          },
        },
      ),
    );
    const answer = visit(origin);
    expect(await crashed).toBe(crash);
    await expect.poll(() => answer.ended).toBe(true);
    await expect.poll(() => hub.stats().streams).toBe(0);
  });
});

describe('a Koa app that forgets ctx.respond = false', () => {
  it('ends the stream, crashes nothing and keeps no reader', async () => {
    const news = newHub().channel('news');
    const app = new Koa();
    const onError = vi.fn();
    app.on('error', onError);
    app.use(({ req, res }) => void eventStream(req, res, news));
    const server = app.listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const answer = visit(`http://127.0.0.1:${port}/`);
    await expect.poll(() => answer.closed).toBe(true);
    await expect.poll(() => news.size).toBe(0);
    expect(onError).not.toHaveBeenCalled();
  });
});
