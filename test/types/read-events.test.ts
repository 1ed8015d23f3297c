import { expectTypeOf } from 'expect-type';
import type { FastifyInstance } from 'fastify';
import { describe, it } from 'vitest';
import { readEvents } from '../../plugins/testing.ts';
import { compiles } from '../support/compiles.ts';

describe('the reader of a stream', () => {
  it('that was told the events knows their data', () => {
    compiles(async (app: FastifyInstance) => {
      const events = await readEvents<{ tick: { n: number }; halt: string }>(app, '/prices');
      expectTypeOf((await events.next('tick')).data).toEqualTypeOf<{ n: number }>();
      const event = await events.next();
      expectTypeOf(event.event).toEqualTypeOf<'tick' | 'halt'>();
      if (event.event === 'tick') expectTypeOf(event.data.n).toBeNumber();
      for await (const each of events) expectTypeOf(each).toEqualTypeOf<typeof event>();
      expectTypeOf(await events.end()).toEqualTypeOf<(typeof event)[]>();
      expectTypeOf((await events.next('dev-serve:position')).data.recovered).toBeBoolean();
      // @ts-expect-error: there is no such event.
      await events.next('tock');
    });
  });

  it('that was told nothing takes any name', () => {
    compiles(async (app: FastifyInstance) => {
      const events = await readEvents(app, '/news', { lastEventId: '1', timeout: 100 });
      expectTypeOf((await events.next('anything')).data).toBeUnknown();
      expectTypeOf((await events.next()).event).toBeString();
      expectTypeOf((await events.next('dev-serve:position')).data.recovered).toBeBoolean();
      // @ts-expect-error: there is no such option.
      await readEvents(app, '/news', { timeOut: 100 });
    });
  });
});
