import { describe, expect, it } from 'vitest';
import type { EventStream } from '../../plugins/events/event-stream.ts';
import type { Frame } from '../../plugins/events/message.ts';
import { newHub, newStream, recordingSink } from '../support/event-hub.ts';
import { CLOSE, EVENTS, numbersIn, textOf, upTo, waitingReader } from '../support/last-events.ts';

describe('a stream that ends while its events are being read from the store', () => {
  it.each([
    ['evict()', CLOSE, (stream: EventStream) => stream.evict()],
    ['close()', '', (stream: EventStream) => stream.close()],
  ])(
    'by %s: after what was published before, and nothing that came later',
    async (_, last, end) => {
      const { gate, hub, channel, beginning } = await waitingReader();
      const stream = newStream(hub, channel, beginning);
      const text = textOf(stream);
      await expect.poll(gate.reads).toBe(1);
      stream.send({ event: 'note', data: 'for you alone' });
      end(stream);
      expect(stream.open).toBe(false);
      expect(stream.send('too late')).toBe(false);
      // It may be in the page that is read last.
      void channel.publish({ data: EVENTS + 1 });
      void channel.publish({ data: EVENTS + 2, log: false });
      while (!stream.destroyed) {
        gate.open();
        await new Promise(setImmediate);
      }
      expect(numbersIn(text())).toEqual(upTo(EVENTS));
      const rest = text().slice(text().indexOf('event: note\n'));
      expect(rest.startsWith('event: note\n')).toBe(true);
      expect(rest.includes(CLOSE)).toBe(last !== '');
      expect(channel.size).toBe(0);
    },
  );

  it('by a store that fails then: once', async () => {
    const { gate, channel, beginning } = await waitingReader();
    const sink = recordingSink();
    const failed: Error[] = [];
    const onError = (error: Error) => void failed.push(error);
    const subscription = channel.subscribe(sink, { ...beginning, onError });
    await expect.poll(gate.reads).toBe(1);
    subscription.close();
    const away = new Error('the store is away');
    gate.open(away);
    await expect.poll(() => failed).toEqual([away]);
    expect(sink.closed).toEqual([away]);
    expect(channel.size).toBe(0);
  });

  it('does not wait for a store that never answers', async () => {
    const { gate, hub, channel, beginning } = await waitingReader();
    const streams = [1, 2, 3].map(() => newStream(hub, channel, beginning));
    const texts = streams.map(textOf);
    const [evicted, closed, left] = streams;
    await expect.poll(gate.reads).toBeGreaterThan(0);
    evicted?.evict();
    closed?.close();
    left?.destroy();
    await expect.poll(() => streams.every(({ destroyed }) => destroyed)).toBe(true);
    expect(texts.map((text) => text().includes(CLOSE))).toEqual([true, false, false]);
    expect(hub.stats().streams).toBe(0);
  });

  it('by its hub that closes: a sink of the app as well', async () => {
    const { gate, hub, channel, beginning } = await waitingReader();
    const sink = recordingSink();
    channel.subscribe(sink, beginning);
    await expect.poll(gate.reads).toBe(1);
    const closed = hub.close();
    // No connection holds it up.
    for (let turns = 0; turns < 9; turns += 1) await new Promise(setImmediate);
    while (sink.closed.length === 0) {
      gate.open();
      await new Promise(setImmediate);
    }
    await closed;
    expect(sink.written.slice(1).map(({ data }) => Number(data))).toEqual(upTo(EVENTS));
    expect(sink.closed).toEqual([undefined]);
  });

  it('by its subscription, that is closed twice: once', async () => {
    const { gate, channel, beginning } = await waitingReader();
    const sink = recordingSink();
    const subscription = channel.subscribe(sink, beginning);
    await expect.poll(gate.reads).toBe(1);
    subscription.close();
    subscription.close();
    await expect.poll(() => sink.closed).toEqual([undefined]);
    expect(channel.size).toBe(0);
  });
});

describe('a stream that ends', () => {
  it('gets what was for it alone, and no more of a snapshot that is being made', async () => {
    const hub = newHub();
    const channel = hub.channel('news');
    await channel.open();
    const made = new EventTarget();
    const snapshot = async function* () {
      yield 'first half';
      await new Promise((resolve) => made.addEventListener('made', resolve, { once: true }));
      yield 'second half';
    };
    const stream = newStream(hub, channel, { snapshot });
    const text = textOf(stream);
    await expect.poll(text).toContain('first half');
    stream.send({ event: 'note', data: 'goodbye' });
    stream.evict();
    made.dispatchEvent(new Event('made'));
    await expect.poll(() => stream.destroyed).toBe(true);
    expect(text()).toMatch(/\ndata: goodbye\nid: \S+-pending\n\nevent: dev-serve:close\n/);
    expect(text()).not.toContain('second half');
  });

  it('before the log is open gets what was for it alone', async () => {
    const hub = newHub();
    const stream = newStream(hub, hub.channel('news'));
    const text = textOf(stream);
    stream.send({ event: 'note', data: 'goodbye' });
    stream.evict();
    await expect.poll(() => stream.destroyed).toBe(true);
    expect(text()).toMatch(/\ndata: goodbye\n(.*\n)*event: dev-serve:close\n/);
  });

  it('at once where there is nothing left, has its sink room or not', async () => {
    const channel = newHub().channel('news');
    await channel.open();
    const sink = recordingSink();
    const write = (slice: readonly Frame[]) => !sink.write(slice);
    const subscription = channel.subscribe({ ...sink, write });
    expect(sink.written).toHaveLength(1);
    subscription.close();
    expect(sink.closed).toEqual([undefined]);
  });

  it('from its own sink: after what was published before', async () => {
    const channel = newHub().channel('news');
    for (let n = 1; n <= EVENTS; n += 1) await channel.publish({ data: n });
    const sink = recordingSink();
    const write = (slice: readonly Frame[]) => {
      if (sink.written.length === 0) subscription.close();
      return sink.write(slice);
    };
    const subscription = channel.subscribe({ ...sink, write }, { from: 'earliest' });
    await expect.poll(() => sink.closed).toEqual([undefined]);
    expect(sink.written.slice(1).map(({ data }) => Number(data))).toEqual(upTo(EVENTS));
  });
});

describe('a stream that its own filter ends', () => {
  it.each([
    ['evict()', true, (stream: EventStream) => stream.evict()],
    ['close()', false, (stream: EventStream) => stream.close()],
  ])('by %s: right behind what was let through', async (_, isEvicted, end) => {
    const hub = newHub();
    const channel = hub.channel('news');
    const asked: unknown[] = [];
    const stream = newStream(hub, channel, {
      filter: ({ data }) => {
        asked.push(data);
        if (data !== 2) return true;
        stream.send({ event: 'note', data: 'goodbye' });
        end(stream);
        return true;
      },
    });
    const text = textOf(stream);
    await channel.open();
    const ids: string[] = [];
    // What is not kept has the number of the one before it.
    const messages = [{ data: 1 }, { data: 2 }, { data: 2, log: false }, { data: 3 }];
    const published = messages.map((message) => channel.publish(message));
    for (const id of published) ids.push(await id);
    await expect.poll(() => stream.destroyed).toBe(true);
    expect(numbersIn(text())).toEqual([1, 2]);
    expect(asked).toEqual([1, 2]);
    const [, two = '', , three = ''] = ids;
    expect(text()).toContain(`data: goodbye\nid: ${two}\n`);
    // Who comes back gets what was not let through yet.
    expect(text()).not.toContain(three);
    expect(text().includes(CLOSE)).toBe(isEvicted);
    expect(channel.size).toBe(0);
  });
});
