import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { newChannel, newHub, recordingSink } from '../support/event-hub.ts';
import { nextCrash } from '../support/next-crash.ts';

const INVALID = expect.objectContaining({ code: 'DEV_SERVE_ERR_INVALID_OPTION' });

describe("a sink of the app's own", () => {
  it('that throws is let go, and its error is told', async () => {
    const channel = newChannel();
    const errors: Error[] = [];
    const write = () => {
      throw new Error('a bug');
    };
    const { close, closed } = recordingSink();
    channel.subscribe({ write, close }, { onError: (error) => errors.push(error) });
    await turn();
    expect(channel.size).toBe(0);
    expect(errors.map(({ message }) => message)).toEqual(['a bug']);
    expect(closed).toHaveLength(1);
  });

  it('that throws is closed, though who is told of it throws too', async () => {
    const channel = newChannel();
    const crash = nextCrash();
    const write = () => {
      throw new Error('a bug');
    };
    const { close, closed } = recordingSink();
    const other = recordingSink();
    const onError = () => {
      throw new Error('another bug');
    };
    channel.subscribe({ write, close }, { onError });
    channel.subscribe(other);
    expect(await crash).toEqual(new Error('another bug'));
    await channel.publish({ data: 'for others' });
    await expect.poll(() => other.written.at(-1)?.data).toBe('for others');
    expect(closed).toHaveLength(1);
    expect(channel.size).toBe(1);
  });

  it.each([undefined, {}, { write() {} }, { close() {} }])('%j is none', (sink) => {
    const channel = newChannel();
    expect(() => channel.subscribe(sink as never)).toThrow(INVALID);
    expect(channel.size).toBe(0);
  });

  it.each([{ fitler: () => true }, { from: 5 }, { filter: 1 }, { snapshot: [] }])(
    'with the options %j is refused',
    (options) => {
      expect(() => newChannel().subscribe(recordingSink(), options as never)).toThrow(INVALID);
    },
  );

  it('is closed with the hub', async () => {
    const hub = newHub();
    const { closed, ...sink } = recordingSink();
    hub.channel('news').subscribe(sink);
    await hub.close();
    expect(closed).toEqual([undefined]);
  });
});

describe('what nobody reads', () => {
  it('in a message is refused', () => {
    const publish = () => newChannel().publish({ data: 1, evnt: 'x' } as never);
    expect(publish).toThrow(expect.objectContaining({ code: 'DEV_SERVE_ERR_INVALID_EVENT_FIELD' }));
  });

  it('as an observation is refused', () => {
    expect(() => newChannel().on('publsh' as never, () => {})).toThrow(INVALID);
  });

  it('to send to whom is refused, connected or not', () => {
    const channel = newChannel();
    expect(() => channel.send('x', undefined as never)).toThrow(INVALID);
    expect(() => channel.send({ dta: 1 } as never, () => true)).toThrow(
      expect.objectContaining({ code: 'DEV_SERVE_ERR_INVALID_EVENT_FIELD' }),
    );
  });
});
