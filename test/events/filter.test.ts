import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../plugins/events/stores/memory.ts';
import type { SubscribeOptions } from '../../plugins/events/typed-events.ts';
import { newChannel, newHub, newStream, recordingSink } from '../support/event-hub.ts';

describe('a filter', () => {
  it('sees events with their data parsed, and lets through what it says', async () => {
    const hub = newHub();
    const channel = hub.channel<{ chat: { to: string }; note: string }>('inbox');
    const sink = recordingSink();
    channel.subscribe(sink, {
      filter: (event) => event.event === 'note' || event.data.to === 'ada',
    });
    await channel.publish({ event: 'chat', data: { to: 'ada' } });
    await channel.publish({ event: 'chat', data: { to: 'bob' } });
    await channel.publish({ event: 'note', data: 'for all' });
    await turn();
    expect(sink.written.map(({ data }) => data)).toEqual([
      '{"recovered":true,"private":true}',
      '{"to":"ada"}',
      'for all',
    ]);
  });

  it('holds back what is replayed too', async () => {
    const channel = newChannel();
    const first = await channel.publish({ data: 0 });
    for (let n = 1; n <= 600; n += 1) await channel.publish({ data: n });
    const sink = recordingSink();
    channel.subscribe(sink, { lastEventId: first, filter: ({ data }) => Number(data) % 200 === 0 });
    await expect
      .poll(() => sink.written.filter(({ event }) => event === 'message').map(({ data }) => data))
      .toEqual(['200', '400', '600']);
  });

  it('does not let the id of its client age out', async () => {
    const channel = newChannel({ store: memoryStore({ limit: 50 }) });
    const sink = recordingSink();
    const subscription = channel.subscribe(sink, { filter: () => false });
    for (let n = 1; n <= 2000; n += 1) await channel.publish({ data: n });
    await turn();
    subscription.end();
    const lastEventId = sink.written.at(-1)?.id;
    const again = recordingSink();
    channel.subscribe(again, { lastEventId });
    await expect.poll(() => again.written[0]?.data).toContain('"recovered":true');
  });

  it('has the place of its client told with the next heartbeat', async () => {
    const hub = newHub({ heartbeatInterval: 20 });
    const channel = hub.channel('news');
    const stream = newStream(hub, channel, { filter: () => false }).setEncoding('utf8');
    let text = '';
    stream.on('data', (chunk: string) => {
      text += chunk;
    });
    const id = await channel.publish({ data: 'for others' });
    await expect.poll(() => text).toContain(`data: {"recovered":true,"private":true}\nid: ${id}\n`);
  });

  it('or none: a quiet channel among busy ones keeps its readers resumable', async () => {
    const store = memoryStore({ maxAge: 100 });
    const hub = newHub({ store, heartbeatInterval: 20 });
    const quiet = hub.channel('quiet');
    const stream = newStream(hub, quiet).setEncoding('utf8');
    let text = '';
    stream.on('data', (chunk: string) => {
      text += chunk;
    });
    const id = await hub.channel('busy').publish({ data: 1 });
    await expect.poll(() => text).toContain(`data: {"recovered":true}\nid: ${id}\n`);
    stream.destroy();
    // The busy channel is forgotten: who was behind it could not tell any more.
    const [epoch = ''] = id.split('-');
    await expect.poll(async () => (await store.read('quiet', { epoch, seq: 0 }, 1)).gap).toBe(true);
    const sink = recordingSink();
    quiet.subscribe(sink, { lastEventId: id });
    await expect.poll(() => sink.written[0]?.data).toBe('{"recovered":true}');
  });

  it.each<[string, SubscribeOptions['filter'], string]>([
    [
      'that throws',
      ({ data }) => {
        if (data === 2) throw new Error('a bug');
        return true;
      },
      'a bug',
    ],
    ['that promises', (async () => false) as never, 'must return true or false'],
    ['that returns something else', (() => 'yes') as never, 'must return true or false'],
  ])('%s holds the event back, is reported once, and holds nobody up', async (_, filter, text) => {
    const channel = newChannel();
    const [sink, other] = [recordingSink(), recordingSink()];
    const errors: string[] = [];
    const onError = ({ message }: Error) => errors.push(message);
    channel.subscribe(sink, { filter, onError });
    channel.subscribe(other);
    for (const data of [1, 2, 2, 3]) await channel.publish({ data });
    await turn();
    const passed = sink.written.map(({ data }) => data).slice(1);
    expect(passed).toEqual(text === 'a bug' ? ['1', '3'] : []);
    expect(sink.closed).toEqual([]);
    expect(errors).toEqual([expect.stringContaining(text)]);
    expect(other.written).toHaveLength(5);
  });
});
