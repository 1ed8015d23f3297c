import { Readable } from 'node:stream';
import { expectTypeOf } from 'expect-type';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { describe, it } from 'vitest';
import type { Channel, EventStream, SourceContext, Stats } from '../../plugins/sse.ts';
import { compiles } from '../support/compiles.ts';

type Prices = Channel<{ tick: { n: number }; halt: string }>;
type News = Channel<{ headline: { title: string } }>;

describe('reply.sse()', () => {
  it('gives the state back as it was given', () => {
    compiles((reply: FastifyReply, prices: Prices, news: News, any: Channel) => {
      const state = { user: 'ada' };
      type Known = EventStream<{ user: string }>;
      expectTypeOf(reply.sse(prices, { state })).toEqualTypeOf<Known>();
      expectTypeOf(reply.sse([prices], { state })).toEqualTypeOf<Known>();
      expectTypeOf(reply.sse([prices, news], { state })).toEqualTypeOf<Known>();
      expectTypeOf(reply.sse(any, { state })).toEqualTypeOf<Known>();
      expectTypeOf(reply.sse(undefined, { state })).toEqualTypeOf<Known>();
      expectTypeOf(reply.sse(Readable.from([]), { state })).toEqualTypeOf<Known>();
      expectTypeOf(reply.sse(prices, { state }).state.user).toBeString();
      expectTypeOf(reply.sse(prices)).toEqualTypeOf<EventStream<unknown>>();
      expectTypeOf(reply.sse()).toEqualTypeOf<EventStream<unknown>>();
    });
  });

  it('shows a filter the events of the channel, each with its data', () => {
    compiles((reply: FastifyReply, prices: Prices) => {
      reply.sse(prices, {
        filter: (event) => {
          expectTypeOf(event.event).toEqualTypeOf<'tick' | 'halt'>();
          expectTypeOf(event.channel).toBeString();
          if (event.event === 'tick') expectTypeOf(event.data).toEqualTypeOf<{ n: number }>();
          else expectTypeOf(event.data).toBeString();
          return true;
        },
      });
      reply.sse(prices, { filter: ({ event, data }) => event === 'halt' && data === 'now' });
      // @ts-expect-error: there is no such event.
      reply.sse(prices, { filter: ({ event }) => event === 'tock' });
      // @ts-expect-error: a filter says yes or no.
      reply.sse(prices, { filter: ({ event }) => event });
    });
  });

  it('shows a filter the events of all channels', () => {
    compiles((reply: FastifyReply, prices: Prices, news: News) => {
      reply.sse([prices, news], {
        filter: (event) => {
          expectTypeOf(event.event).toEqualTypeOf<'tick' | 'halt' | 'headline'>();
          if (event.event === 'headline') expectTypeOf(event.data.title).toBeString();
          return event.event !== 'tick' || event.data.n > 1;
        },
      });
    });
  });

  it('shows a filter events of a channel that was told nothing', () => {
    compiles((reply: FastifyReply, any: Channel) => {
      reply.sse(any, {
        filter: ({ event, data }) => {
          expectTypeOf(event).toBeString();
          expectTypeOf(data).toBeUnknown();
          return true;
        },
      });
    });
  });

  it('takes what a subscriber may say', () => {
    compiles((reply: FastifyReply, prices: Prices) => {
      reply.sse(prices, { from: 'earliest', until: new Date(), maxAge: 1000 });
      reply.sse(prices, { from: prices.lastEventId, until: 1_700_000_000 });
      reply.sse(prices, { snapshot: () => [{ event: 'all', data: [] }], onLost: async () => [] });
      reply.sse(prices, {
        async *snapshot({ signal }) {
          expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
          yield { event: 'all', data: [] };
        },
      });
      // @ts-expect-error: events have data.
      reply.sse(prices, { snapshot: () => [{ event: 'all' }] });
      // @ts-expect-error: there is no such option.
      reply.sse(prices, { form: 'earliest' });
      // @ts-expect-error: a place is a string.
      reply.sse(prices, { from: 7 });
    });
  });

  it('takes sources of any kind', () => {
    compiles((reply: FastifyReply, prices: Prices, news: News, any: Channel) => {
      reply.sse(async function* ({ request, signal, lastEventId }) {
        expectTypeOf(request).toEqualTypeOf<FastifyRequest>();
        expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
        expectTypeOf(lastEventId).toEqualTypeOf<string | undefined>();
        yield 'text';
        yield { event: 'tick', data: { n: 1 }, id: '1' };
      });
      reply.sse(async function* (_context: SourceContext) {});
      reply.sse(Readable.from(['text']));
      reply.sse([prices, news]);
      reply.sse([any, prices]);
      reply.sse([prices, async function* () {}]);
      // @ts-expect-error: a number is no source.
      reply.sse(5);
      // @ts-expect-error: a name is no channel.
      reply.sse('prices');
      // @ts-expect-error: numbers are no events.
      reply.sse(async function* () {
        yield 5;
      });
    });
  });

  it('is what a handler returns', () => {
    compiles((app: FastifyInstance, prices: Prices) => {
      app.get('/', (_request, reply) => reply.sse(prices));
      app.get('/', async (_request, reply) => reply.sse([prices], { from: 'earliest' }));
      app.get<{ Querystring: { room: string } }>('/', (request, reply) =>
        reply.sse(app.channel(request.query.room)),
      );
    });
  });
});

describe('a stream', () => {
  it('is sent an event of its own, ended or evicted', () => {
    compiles((reply: FastifyReply) => {
      const stream = reply.sse();
      expectTypeOf(stream.send('text')).toBeBoolean();
      expectTypeOf(stream.send({ event: 'tick', data: 1, id: '1' })).toBeBoolean();
      expectTypeOf(stream.open).toBeBoolean();
      stream.evict();
      stream.close();
      // @ts-expect-error: data is missing.
      stream.send({ event: 'tick' });
    });
  });
});

describe('app.sse', () => {
  it('tells its figures', () => {
    compiles((app: FastifyInstance) => {
      expectTypeOf(app.sse.stats()).toEqualTypeOf<Stats>();
      expectTypeOf(app.sse.stats().streams).toBeNumber();
    });
  });
});
