import { expectTypeOf } from 'expect-type';
import { describe, it } from 'vitest';
import type { connect } from '../../client/connect.ts';
import type { EventClient, EventInfo } from '../../client/events/events.ts';

interface Prices {
  tick: { n: number };
  note: string;
}

/** Types only: there is no browser here. */
function typeTest(_check: (open: typeof connect) => void): void {}

describe('the types of a connection', () => {
  it('give each listener the data of its event type', () => {
    typeTest((open) => {
      const events = open<Prices>('/prices');
      expectTypeOf(events).toEqualTypeOf<EventClient<Prices>>();
      events.on('tick', (data, info) => {
        expectTypeOf(data).toEqualTypeOf<{ n: number }>();
        expectTypeOf(info).toEqualTypeOf<EventInfo>();
      });
      events.once('note', (data) => expectTypeOf(data).toBeString());
      // @ts-expect-error: there is no such event type.
      events.on('tock', () => {});
      // @ts-expect-error: that is not what the event holds.
      events.on('tick', (_data: { m: string }) => {});
    });
  });

  it("know the client's own events", () => {
    typeTest((open) => {
      const events = open<Prices>('/prices');
      events.on('open', ({ recovered }) => expectTypeOf(recovered).toBeBoolean());
      events.on('error', ({ status }) => expectTypeOf(status).toEqualTypeOf<number | undefined>());
      events.on('dev-serve:lost', ({ after }) => expectTypeOf(after).toBeString());
      events.on('dev-serve:close', ({ reason }) => expectTypeOf(reason).toBeString());
    });
  });

  it('let any event through where none are named, as unknown data', () => {
    typeTest((open) => {
      const events = open('/prices');
      events.on('tick', (data) => expectTypeOf(data).toBeUnknown());
      events.on('open', ({ transport }) => {
        expectTypeOf(transport).toEqualTypeOf<'sse' | 'websocket' | 'fetch'>();
      });
    });
  });

  it('know the options', () => {
    typeTest((open) => {
      open('/prices', { headers: () => ({ authorization: 'Bearer x' }), websocket: false });
      open(new URL('https://a.example/'), { headers: async () => [['a', 'b']], shared: true });
      // @ts-expect-error: false is the only boolean.
      open('/prices', { websocket: true });
      // @ts-expect-error: there is no such option.
      open('/prices', { retries: 3 });
    });
  });
});
