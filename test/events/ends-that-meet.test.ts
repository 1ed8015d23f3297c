import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { EventStream } from '../../plugins/events/event-stream.ts';
import type { Frame } from '../../plugins/events/message.ts';
import { newChannel, newHub, newStream, recordingSink } from '../support/event-hub.ts';
import { CLOSE, numbersIn, reportingStore, textOf, waitingReader } from '../support/last-events.ts';
import { standStill } from '../support/stand-still.ts';

const NOTE = { event: 'note', data: 'goodbye' };

/** A sink that has room when it is told so. */
function slowSink() {
  const sink = recordingSink();
  const room = { has: false };
  const write = (slice: readonly Frame[]) => sink.write(slice) && room.has;
  return { ...sink, room, write };
}

const dataOf = (written: readonly Frame[]) => written.map(({ data }) => data);
const idsOf = (written: readonly Frame[]) => written.map(({ id }) => id);

describe('an end that waits meets another one', () => {
  it('is told to stay away also where it was about to end already', async () => {
    const { gate, hub, channel, beginning } = await waitingReader();
    const streams = [1, 2, 3].map(() => newStream(hub, channel, beginning));
    const texts = streams.map(textOf);
    const [first, second, third] = streams;
    await expect.poll(gate.reads).toBeGreaterThan(0);
    first?.close();
    first?.evict();
    second?.evict();
    second?.close();
    third?.close();
    await hub.close();
    expect(texts.map((text) => text().slice(text().lastIndexOf('retry:')))).toEqual([
      'retry: 2147483647\n',
      'retry: 2147483647\n',
      expect.stringMatching(/^retry: 1\d{3}\n$/),
    ]);
  });

  it.each([
    ['close()', (stream: EventStream) => stream.close()],
    ['its hub', (_: EventStream, hub: { close(): Promise<void> }) => void hub.close()],
  ])('by %s, and by a filter that is asked for what comes before it', async (_, end) => {
    const { gate, hub, channel, beginning } = await waitingReader();
    const stopAtTwo = ({ data }: { data: unknown }) => {
      if (data !== 2) return true;
      for (const stream of streams) stream.evict();
      return true;
    };
    // One that reads pages, and one that is shown a turn.
    const streams = [
      newStream(hub, channel, { ...beginning, filter: stopAtTwo }),
      newStream(hub, channel, { filter: stopAtTwo }),
    ];
    const texts = streams.map(textOf);
    await expect.poll(gate.reads).toBe(1);
    for (const data of [1, 2, 3]) void channel.publish({ data });
    for (const stream of streams) end(stream, hub);
    while (streams.some(({ destroyed }) => !destroyed)) {
      gate.open();
      await turn();
    }
    expect(texts.map((text) => numbersIn(text()))).toEqual([
      expect.not.arrayContaining([3]),
      [1, 2],
    ]);
    for (const text of texts) expect(text()).toContain(CLOSE);
  });

  it('by its hub, twice: both are told', async () => {
    const { hub, channel, beginning } = await waitingReader();
    textOf(newStream(hub, channel, beginning));
    await expect(Promise.all([hub.close(), hub.close()])).resolves.toBeDefined();
  });

  it('by its hub, in a process that stands still: it is told when to come back', async () => {
    const { gate, hub, channel, beginning } = await waitingReader();
    const texts = [1, 2, 3].map(() => textOf(newStream(hub, channel, beginning)));
    await expect.poll(gate.reads).toBeGreaterThan(0);
    const closed = hub.close();
    standStill(700);
    await closed;
    expect(texts.map((text) => text().match(/^retry: /gm))).toEqual(
      texts.map(() => ['retry: ', 'retry: ']),
    );
  });
});

describe('while an end waits', () => {
  it('its stream counts no more', async () => {
    const { gate, hub, channel, beginning } = await waitingReader({ maxStreamsPerChannel: 1 });
    const told: string[] = [];
    channel.on('unsubscribe', () => told.push('unsubscribe'));
    const stream = newStream(hub, channel, beginning);
    textOf(stream);
    await expect.poll(gate.reads).toBe(1);
    stream.evict();
    expect(channel.size).toBe(0);
    expect(told).toEqual(['unsubscribe']);
    textOf(newStream(hub, channel));
    expect(hub.stats().refused).toBe(0);
    await expect.poll(() => stream.destroyed).toBe(true);
    expect(told).toEqual(['unsubscribe']);
  });

  it('its subscription takes nothing more', async () => {
    const channel = newChannel();
    await channel.open();
    const sink = slowSink();
    const subscription = channel.subscribe(sink);
    await channel.publish({ data: 1 });
    subscription.close();
    subscription.send(NOTE);
    sink.room.has = true;
    subscription.pump();
    await expect.poll(() => sink.closed).toHaveLength(1);
    expect(dataOf(sink.written).slice(1)).toEqual(['1']);
  });

  it('a log begins anew: nothing of that passes by its number', async () => {
    const { store, report } = reportingStore('a', 5);
    const channel = newChannel({ store });
    await channel.open();
    const sink = slowSink();
    const subscription = channel.subscribe(sink);
    subscription.send(NOTE);
    subscription.close();
    for (const seq of [1, 2]) {
      report('b', seq);
      await turn();
      await turn();
      subscription.pump();
    }
    expect(idsOf(sink.written)).toEqual(['a-5', 'b-1', 'b-1']);
    expect(sink.written.at(-1)).toMatchObject(NOTE);
  });

  it('its client is not put back in front of where it was', async () => {
    // The store has told more than it has reported.
    const { store } = reportingStore('a', 8);
    const channel = newChannel({ store });
    await channel.open();
    const sink = recordingSink();
    const subscription = channel.subscribe(sink, { lastEventId: 'a-10' });
    subscription.send(NOTE);
    subscription.close();
    await expect.poll(() => sink.closed).toHaveLength(1);
    expect(idsOf(sink.written)).toEqual(['a-10', 'a-10']);
  });

  it('for its log to open, its client is not put back either', async () => {
    const gate = new EventTarget();
    const opened = new Promise<void>((resolve) => {
      gate.addEventListener('open', () => resolve(), { once: true });
    });
    const { store } = reportingStore('a', 12, opened);
    const channel = newChannel({ store });
    const sink = recordingSink();
    const subscription = channel.subscribe(sink, { lastEventId: 'a-12' });
    subscription.send(NOTE);
    subscription.close();
    gate.dispatchEvent(new Event('open'));
    await expect.poll(() => sink.closed).toHaveLength(1);
    expect(idsOf(sink.written)).toEqual(['a-12', 'a-12']);
  });
});

describe('an end', () => {
  it('before the log is open asks for no snapshot', async () => {
    const channel = newChannel();
    const sink = recordingSink();
    let calls = 0;
    const snapshot = () => {
      calls += 1;
      return ['state'];
    };
    channel.subscribe(sink, { snapshot }).close();
    await expect.poll(() => sink.closed).toHaveLength(1);
    expect(calls).toBe(0);
  });

  it('of the hub is one of those who come while it waits, too', async () => {
    const hub = newHub();
    const channel = hub.channel('news');
    await hub.open();
    const waiting = slowSink();
    channel.subscribe(waiting);
    await channel.publish({ data: 1 });
    const closed = hub.close();
    await turn();
    expect(waiting.closed).toEqual([]);
    const late = recordingSink();
    channel.subscribe(late);
    await closed;
    expect([waiting.closed, late.closed]).toEqual([[undefined], [undefined]]);
  });

  it('from its own sink comes behind the rest of the turn, kept or not', async () => {
    const channel = newChannel();
    await channel.open();
    const sink = recordingSink();
    const write = (slice: readonly Frame[]) => {
      if (slice.some(({ event }) => event === 'message')) subscription.close();
      return sink.write(slice);
    };
    const subscription = channel.subscribe({ ...sink, write });
    // More than one write.
    void channel.publish({ data: 'x'.repeat(70_000) });
    void channel.publish({ data: 'not kept', log: false });
    void channel.publish({ data: 'kept' });
    await expect.poll(() => sink.closed).toHaveLength(1);
    expect(dataOf(sink.written).slice(2)).toEqual(['not kept', 'kept']);
  });
});

describe('who is told of an end', () => {
  it.each([
    ['its client', (stream: EventStream) => void stream.destroy()],
    ['the app', (stream: EventStream) => stream.close()],
  ])('by %s, and ends it again, is told once', async (_, end) => {
    const hub = newHub();
    const channel = hub.channel('news');
    await hub.open();
    const stream = newStream(hub, channel);
    textOf(stream);
    let told = 0;
    channel.on('unsubscribe', () => {
      told += 1;
      if (told < 9) stream.evict();
    });
    end(stream);
    await expect.poll(() => stream.destroyed).toBe(true);
    expect(told).toBe(1);
    await hub.close();
    expect(told).toBe(1);
  });
});

describe('what is called back as others are written to', () => {
  it('ends the last reader of its channels while another one comes', async () => {
    const channel = newHub().channel('news');
    await channel.open();
    const last = recordingSink();
    const write = (slice: readonly Frame[]) => {
      if (slice.some(({ event }) => event === 'message')) leaving.close();
      return last.write(slice);
    };
    const leaving = channel.subscribe({ ...last, write });
    // More than memory may hold for readers: they are shown it when the turn ends.
    const flood = Array.from({ length: 9 }, () => channel.publish({ data: 'x'.repeat(1_000_000) }));
    channel.subscribe(recordingSink()).close();
    flood.push(...Array.from({ length: 9 }, () => channel.publish({ data: 'x'.repeat(1e6) })));
    const coming = recordingSink();
    channel.subscribe(coming);
    await Promise.all(flood);
    await expect.poll(() => last.closed).toEqual([undefined]);
    await channel.publish({ data: 'for who has come' });
    await expect.poll(() => coming.written.at(-1)?.data).toBe('for who has come');
    expect(channel.size).toBe(1);
  });

  it.each([
    ['sends', (reader: { send(note: typeof NOTE): void }) => reader.send(NOTE)],
    ['ends', (reader: { close(): void }) => reader.close()],
  ])('%s readers of other channels in a log that begins anew', async (_, call) => {
    const { store, report } = reportingStore('x', 600);
    const hub = newHub({ store });
    const [a, b] = [hub.channel('a'), hub.channel('b')];
    await hub.open();
    a.subscribe(recordingSink());
    const sink = recordingSink();
    const other = b.subscribe(sink);
    a.on('lost', () => call(other));
    report('y', 1, 'a');
    report('y', 2, 'b');
    await expect
      .poll(() => sink.closed.length > 0 || dataOf(sink.written).includes('y2'))
      .toBe(true);
    expect(idsOf(sink.written)).not.toContain('y-600');
  });
});
