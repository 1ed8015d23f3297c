import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseBeginning } from '../../plugins/events/beginning.ts';
import type { Channel } from '../../plugins/events/channel.ts';
import { memoryStore } from '../../plugins/events/stores/memory.ts';
import type { SubscribeOptions } from '../../plugins/events/typed-events.ts';
import { newChannel, newHub, newStream, recordingSink } from '../support/event-hub.ts';

async function filled(count: number, limit = 1000): Promise<{ channel: Channel; ids: string[] }> {
  const channel = newChannel({ store: memoryStore({ limit }) });
  const ids: string[] = [];
  for (let n = 1; n <= count; n += 1) ids.push(await channel.publish({ data: n }));
  return { channel, ids };
}

function read(channel: Channel, options: SubscribeOptions & { lastEventId?: string | undefined }) {
  const sink = recordingSink();
  channel.subscribe(sink, options);
  const texts = () => sink.written.map(({ data }) => data.replace(',"private":true', ''));
  return { ...sink, texts };
}

describe('a client without an id', () => {
  it('begins now', async () => {
    const { channel } = await filled(3);
    const { texts } = read(channel, {});
    await channel.publish({ data: 'next' });
    await turn();
    expect(texts()).toEqual(['{"recovered":true}', 'next']);
  });

  it('begins with the oldest that is kept, which is no loss, if the app says "earliest"', async () => {
    const { channel } = await filled(8, 3);
    const { texts } = read(channel, { from: 'earliest' });
    await expect.poll(texts).toEqual(['{"recovered":true}', '6', '7', '8']);
  });

  it('is told of what it loses after it has begun with the earliest', async () => {
    const channel = newChannel({ store: memoryStore({ limit: 2 }) });
    const sink = recordingSink();
    const subscription = channel.subscribe(
      { ...sink, write: (slice) => sink.write(slice) && false },
      { from: 'earliest' },
    );
    await turn();
    for (let n = 1; n <= 400; n += 1) await channel.publish({ data: n });
    await turn();
    const texts = () => {
      subscription.pump();
      return sink.written.map(({ data }) => data.replace(',"private":true', ''));
    };
    await expect.poll(texts).toEqual(['{"recovered":true}', '{"recovered":false}', '399', '400']);
  });

  it('begins after the event that the app names', async () => {
    const { channel, ids } = await filled(3);
    const { texts } = read(channel, { from: ids[1] });
    await expect.poll(texts).toEqual(['{"recovered":true}', '3']);
  });

  it('has its own id before that of the app', async () => {
    const { channel, ids } = await filled(3);
    const { texts } = read(channel, { from: 'earliest', lastEventId: ids[1] });
    await expect.poll(texts).toEqual(['{"recovered":true}', '3']);
  });
});

describe('an id that is none of ours', () => {
  it('means a loss, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (lastEventId) => {
        expect(chooseBeginning({ lastEventId }, 'epoch').kind).toBe('lost');
      }),
      { numRuns: 5000 },
    );
  });

  it.each([
    'earliest',
    'now',
    '0-0',
    'e',
    `${'9'.repeat(16)}-1`,
    'NaN-NaN',
    '-1',
    '../..',
    "'; FLUSHALL",
    'a\r\nb',
  ])('(%s) is at most recovered:false', async (lastEventId) => {
    const { channel } = await filled(3);
    const { texts } = read(channel, { lastEventId });
    await channel.publish({ data: 'next' });
    await turn();
    expect(texts()).toEqual(['{"recovered":false}', 'next']);
  });

  it('from the future is at most recovered:false', async () => {
    const { channel, ids } = await filled(3);
    const { texts } = read(channel, { lastEventId: ids[2]?.replace(/\d+$/, '1000') });
    await expect.poll(texts).toEqual(['{"recovered":false}']);
    await channel.publish({ data: 'next' });
    await turn();
    expect(texts()).toEqual(['{"recovered":false}', 'next']);
  });
});

describe('a snapshot', () => {
  it('comes first, then everything published since it was begun', async () => {
    const { channel } = await filled(3);
    let finish = (_: readonly string[]) => {};
    const state = new Promise<readonly string[]>((resolve) => {
      finish = resolve;
    });
    const { texts, written } = read(channel, { snapshot: () => state });
    await channel.publish({ data: 'during' });
    await turn();
    finish(['state 1', 'state 2']);
    await expect
      .poll(texts)
      .toEqual([
        '{"recovered":true,"snapshot":true}',
        'state 1',
        'state 2',
        '{"recovered":true}',
        'during',
      ]);
    const [before, , , after] = written;
    expect(after?.id).toBe(channel.lastEventId?.replace(/\d+$/, '3'));
    expect(before?.id).toMatch(/-pending$/);
  });

  it('is sent again to a client that left in the middle of it', async () => {
    const { channel } = await filled(3);
    const snapshot = () => ['state'];
    const first = read(channel, { snapshot });
    await expect.poll(first.texts).toContain('state');
    const pending = first.written[1]?.id;
    const second = read(channel, { snapshot, lastEventId: pending });
    await expect.poll(second.texts).toContain('state');
  });

  it('is not sent to a client that resumes', async () => {
    const { channel, ids } = await filled(3);
    const { texts } = read(channel, { snapshot: () => ['state'], lastEventId: ids[1] });
    await expect.poll(texts).toEqual(['{"recovered":true}', '3']);
  });

  it('is sent to a client that has lost events, instead of the loss', async () => {
    const { channel, ids } = await filled(8, 3);
    const onLost = () => [{ event: 'state', data: { all: 8 } }];
    const { written } = read(channel, { onLost, lastEventId: ids[0] });
    await expect
      .poll(() => written.map(({ event, data }) => `${event} ${data}`))
      .toEqual([
        'dev-serve:position {"recovered":true,"snapshot":true,"private":true}',
        'state {"all":8}',
        'dev-serve:position {"recovered":true,"private":true}',
      ]);
    expect(written.at(-1)?.id).toBe(ids.at(-1));
  });

  it('that fails ends the stream with its error', async () => {
    const { channel } = await filled(1);
    const { closed } = read(channel, {
      snapshot: async () => {
        throw new Error('no state');
      },
    });
    await expect.poll(() => closed).toEqual([expect.objectContaining({ message: 'no state' })]);
  });

  it('is stopped when the client leaves', async () => {
    const hub = newHub();
    let returned = false;
    const stream = newStream(hub, hub.channel('news'), {
      async *snapshot({ signal }) {
        try {
          await new Promise((_, reject) => signal.addEventListener('abort', reject));
          yield 'never';
        } finally {
          returned = true;
        }
      },
    });
    await turn();
    stream.read();
    await turn();
    stream.destroy();
    await expect.poll(() => returned).toBe(true);
  });

  it('waits for a reader that is slow to take it', async () => {
    const hub = newHub();
    let made = 0;
    const stream = newStream(hub, hub.channel('news'), {
      *snapshot() {
        for (; made < 1000; made += 1) yield 'x'.repeat(1000);
      },
    });
    await turn();
    stream.read();
    for (let turns = 0; turns < 50; turns += 1) await turn();
    expect(made).toBeLessThan(50);
    stream.resume();
    await expect.poll(() => made).toBe(1000);
  });
});
