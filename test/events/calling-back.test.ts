import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Frame } from '../../plugins/events/message.ts';
import type { Subscription } from '../../plugins/events/subscription.ts';
import { newChannel, newHub, newStream, recordingSink } from '../support/event-hub.ts';

/** More than goes out in one write. */
const LARGE = 'x'.repeat(30_000);
const NOTE = { event: 'note', data: 'for you alone' };

const typesOf = (written: readonly Frame[]) => written.map(({ event }) => event).slice(1);
const numbersOf = (written: readonly Frame[]) => written.map(({ id }) => Number(id?.split('-')[1]));

describe('what calls back its own reader while that is written to', () => {
  it('a filter: what it sends goes out behind what was published before', async () => {
    const channel = newChannel();
    for (let n = 0; n < 12; n += 1) await channel.publish({ data: LARGE });
    const sink = recordingSink();
    let subscription: Subscription | undefined;
    let asked = 0;
    const filter = () => {
      asked += 1;
      if (asked % 4 === 1) subscription?.send(NOTE);
      return true;
    };
    subscription = channel.subscribe(sink, { from: 'earliest', filter });
    await expect.poll(() => sink.written).toHaveLength(16);
    expect(numbersOf(sink.written)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 12, 12, 12]);
    expect(typesOf(sink.written)).toEqual([
      ...Array.from({ length: 12 }, () => 'message'),
      ...['note', 'note', 'note'],
    ]);
  });

  it('a filter, at whose call there are events that are not kept', async () => {
    const channel = newChannel();
    const sink = recordingSink();
    let hasRoom = false;
    const write = (slice: readonly Frame[]) => sink.write(slice) && hasRoom;
    const filter = ({ data }: { data: unknown }) => {
      if (data === 'a') subscription.send(NOTE);
      return true;
    };
    const subscription = channel.subscribe({ ...sink, write }, { filter });
    await channel.publish({ data: 'a' });
    await turn();
    // In this turn, so that the note is what has them shown.
    for (const data of ['b', 'c', 'd']) await channel.publish({ data, log: data === 'd' });
    hasRoom = true;
    subscription.pump();
    expect(sink.written.map(({ data }) => data).slice(1)).toEqual(['a', 'b', 'c', 'd', NOTE.data]);
  });

  it.each([
    ['publishes', false],
    ['publishes and sends', true],
  ])('a filter that %s while more than memory may hold is shown to all', async (_, sends) => {
    const channel = newChannel();
    const sinks = [recordingSink(), recordingSink()];
    const filter = ({ data }: { data: unknown }) => {
      if (!String(data).startsWith('9 ')) return true;
      void channel.publish({ data: 'answer' });
      if (sends) asking.send(NOTE);
      return true;
    };
    const [plain, other] = sinks;
    if (!plain || !other) expect.fail();
    const asking = channel.subscribe(other, { filter });
    const subscription = channel.subscribe(plain);
    await turn();
    let published = 0;
    const publish = (count: number) => {
      for (let n = 0; n < count; n += 1) {
        published += 1;
        void channel.publish({ data: `${published} ${'x'.repeat(1_000_000)}` });
      }
    };
    publish(10);
    // To send to one of them ends the turn.
    subscription.send(NOTE);
    publish(10);
    const received = () => sinks.map(({ written }) => new Set(numbersOf(written)));
    const all = new Set(Array.from({ length: 22 }, (_, n) => n));
    await expect.poll(received).toEqual([all, all]);
    for (const { written } of sinks) {
      const numbers = numbersOf(written);
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    }
  });

  it('a filter that publishes while a heartbeat tells the place: it is in front of that', async () => {
    const channel = newChannel();
    const sink = recordingSink();
    const filter = ({ data }: { data: unknown }) => {
      if (data === 'ping') void channel.publish({ data: 'pong' });
      return true;
    };
    await channel.open();
    const subscription = channel.subscribe(sink, { filter });
    await turn();
    void channel.publish({ data: 'ping' });
    subscription.refresh();
    void channel.publish({ data: 'next' });
    await expect.poll(() => sink.written.at(-1)?.data).toBe('next');
    const messages = sink.written.filter(({ event }) => event === 'message');
    expect(messages.map(({ data }) => data)).toEqual(['ping', 'pong', 'next']);
  });

  it('a sink', async () => {
    const channel = newChannel();
    for (let n = 0; n < 6; n += 1) await channel.publish({ data: LARGE });
    const sink = recordingSink();
    const write = (slice: readonly Frame[]) => {
      if (slice[0]?.id?.endsWith('-1')) subscription.send(NOTE);
      return sink.write(slice);
    };
    const subscription = channel.subscribe({ ...sink, write }, { from: 'earliest' });
    await expect.poll(() => sink.written).toHaveLength(8);
    expect(numbersOf(sink.written)).toEqual([0, 1, 2, 3, 4, 5, 6, 6]);
  });

  it('a listener for losses: who gets a snapshot instead hears of no loss', async () => {
    const hub = newHub();
    const channel = hub.channel('news');
    await channel.publish({ data: 1 });
    channel.on('lost', ({ stream }) => stream?.send(NOTE));
    const snapshot = async function* () {
      yield { event: 'state', data: 'all of it' };
    };
    const stream = newStream(hub, channel, { snapshot }, 'another-1');
    let text = '';
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    await expect.poll(() => text).toContain('event: note\n');
    expect(text).not.toContain('"recovered":false');
    expect(text.indexOf('all of it')).toBeLessThan(text.indexOf('event: note'));
  });

  it('a filter that ends its stream: the end comes behind what was let through', async () => {
    const hub = newHub();
    const channel = hub.channel('news');
    const stream = newStream(hub, channel, {
      filter: ({ data }) => {
        if (data === 2) stream.close();
        return true;
      },
    });
    let text = '';
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    await turn();
    for (const data of [1, 2, 3]) void channel.publish({ data });
    await expect.poll(() => stream.destroyed).toBe(true);
    expect(text).not.toContain('data: 3');
    expect(channel.size).toBe(0);
  });
});
