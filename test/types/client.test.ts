import { expectTypeOf } from 'expect-type';
import { describe, it } from 'vitest';
import { connect } from '../../client/connect.ts';
import { compiles } from '../support/compiles.ts';

describe('the browser client', () => {
  it('that was told the events knows their data', () => {
    compiles(() => {
      const events = connect<{ tick: { n: number }; halt: string }>('/prices');
      events.on('tick', (data) => expectTypeOf(data).toEqualTypeOf<{ n: number }>());
      events.once('halt', (data, { id }) => expectTypeOf([data, id]).toEqualTypeOf<string[]>());
      events.on('open', ({ recovered }) => expectTypeOf(recovered).toBeBoolean());
      events.on('dev-serve:lost', ({ after }) => expectTypeOf(after).toBeString());
      // @ts-expect-error: there is no such event.
      events.on('tock', () => {});
    });
  });

  it('that was told nothing takes any name', () => {
    compiles(() => {
      connect('/news').on('anything', (data) => expectTypeOf(data).toBeUnknown());
      // @ts-expect-error: there is no such option.
      connect('/news', { share: false });
    });
  });
});
