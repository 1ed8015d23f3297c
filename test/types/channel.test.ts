import { expectTypeOf } from 'expect-type';
import type { FastifyInstance } from 'fastify';
import { describe, it } from 'vitest';
import type { Channel, ChannelStream, Observations, Sink } from '../../plugins/sse.ts';
import { compiles } from '../support/compiles.ts';

interface Prices {
  tick: { n: number };
  halt: string;
}

describe('a channel that was told its events', () => {
  it('publishes these and no others', () => {
    compiles((app: FastifyInstance) => {
      const prices = app.channel<{ tick: { n: number }; halt: string }>('prices');
      expectTypeOf(prices.publish({ event: 'tick', data: { n: 1 } })).resolves.toBeString();
      prices.publish({ event: 'halt', data: 'now', log: false });
      // @ts-expect-error: there is no such event.
      prices.publish({ event: 'tock', data: { n: 1 } });
      // @ts-expect-error: it has other data.
      prices.publish({ event: 'tick', data: { m: 1 } });
      // @ts-expect-error: this is the data of another event.
      prices.publish({ event: 'tick', data: 'now' });
      // @ts-expect-error: no event is a "message" here.
      prices.publish({ data: { n: 1 } });
      // @ts-expect-error: the log gives out the ids.
      prices.publish({ event: 'halt', data: 'now', id: '1' });
      // @ts-expect-error: data is missing.
      prices.publish({ event: 'halt' });
    });
  });

  it('knows the state of its streams if it is told that too', () => {
    compiles((app: FastifyInstance) => {
      const prices = app.channel<Prices, { user: string }>('prices');
      prices.send('hello', ({ state }) => state.user === 'ada');
      for (const { state } of prices.streams) expectTypeOf(state).toEqualTypeOf<{ user: string }>();
      // @ts-expect-error: nothing is known of the state of other channels' streams.
      app.channel('news').send('hello', ({ state }) => state.user === 'ada');
    });
  });

  it('takes an interface as well as a type', () => {
    compiles((app: FastifyInstance) => {
      const prices = app.channel<Prices>('prices');
      prices.publish({ event: 'tick', data: { n: 1 } });
      // @ts-expect-error: there is no such event.
      prices.publish({ event: 'tock', data: { n: 1 } });
    });
  });

  it('may leave out the name of a message', () => {
    compiles((chat: Channel<{ message: { text: string }; typing: null }>) => {
      chat.publish({ data: { text: 'hello' } });
      chat.publish({ event: 'message', data: { text: 'hello' } });
      chat.publish({ event: 'typing', data: null });
      // @ts-expect-error: not the data of a message.
      chat.publish({ data: null });
    });
  });

  it('tells a sink of the app own filter what there is', () => {
    compiles((prices: Channel<Prices>, sink: Sink) => {
      prices.subscribe(sink, { filter: (event) => event.event === 'tick' && event.data.n > 1 });
      // @ts-expect-error: there is no such event.
      prices.subscribe(sink, { filter: ({ event }) => event === 'tock' });
    });
  });

  it('is no channel of other events', () => {
    compiles((prices: Channel<Prices>, show: (other: Channel<{ tock: string }>) => void) => {
      // @ts-expect-error: what is published there would not be known here.
      show(prices);
    });
  });
});

describe('a channel that was told nothing', () => {
  it('publishes anything', () => {
    compiles((app: FastifyInstance) => {
      const news = app.channel('news');
      news.publish({ data: 'text' });
      news.publish({ event: 'anything', data: { deep: [1, null] }, log: false });
      // @ts-expect-error: the log gives out the ids.
      news.publish({ data: 'text', id: '1' });
      // @ts-expect-error: data is missing.
      news.publish({ event: 'anything' });
      // @ts-expect-error: an event is an object here.
      news.publish('text');
    });
  });
});

describe('what is observed of a channel', () => {
  it('goes by its name', () => {
    compiles((prices: Channel<Prices>) => {
      prices.on('publish', (observation) => {
        expectTypeOf(observation).toEqualTypeOf<Observations['publish']>();
        expectTypeOf(observation.id).toBeString();
      });
      prices.on('subscribe', ({ stream }) => {
        expectTypeOf(stream).toEqualTypeOf<ChannelStream | undefined>();
      });
      // @ts-expect-error: nothing of that name is observed.
      prices.on('publsh', () => {});
    });
  });
});
