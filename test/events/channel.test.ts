import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { newChannel, newHub, newStream, recordingSink } from '../support/event-hub.ts';

describe('a channel', () => {
  it('publishes in the order of the calls, awaited or not', async () => {
    const channel = newChannel();
    const ids = await Promise.all([1, 2, 3, 4].map((data) => channel.publish({ data })));
    expect(ids.map((id) => id.split('-')[1])).toEqual(['1', '2', '3', '4']);
  });

  it('gives a reader everything published after it subscribed, in the same tick too', async () => {
    const channel = newChannel();
    const { written, ...sink } = recordingSink();
    channel.subscribe(sink);
    await channel.publish({ data: 'first' });
    await turn();
    expect(written.map(({ event, data }) => [event, data])).toEqual([
      ['dev-serve:position', '{"recovered":true}'],
      ['message', 'first'],
    ]);
  });

  it('writes nothing to a reader that has left before the log was open', async () => {
    const channel = newChannel();
    const { written, ...sink } = recordingSink();
    channel.subscribe(sink).end();
    await channel.publish({ data: 1 });
    await turn();
    expect(written).toEqual([]);
    expect(channel.size).toBe(0);
  });

  it('writes to a reader once per turn of the event loop, not once per event', async () => {
    const channel = newChannel();
    await channel.open();
    const writes: number[] = [];
    channel.subscribe({ write: (slice) => writes.push(slice.length) > 0, close() {} });
    await turn();
    for (let n = 0; n < 50; n += 1) void channel.publish({ data: n });
    await turn();
    await turn();
    expect(writes).toEqual([1, 50]);
  });

  it('encodes an event once, and hands the same bytes to every reader', async () => {
    const hub = newHub();
    const channel = hub.channel('news');
    let serialised = 0;
    const data = {
      toJSON() {
        serialised += 1;
        return 'x'.repeat(100);
      },
    };
    const streams = [1, 2, 3].map(() => newStream(hub, channel));
    await turn();
    for (const stream of streams) stream.read();
    await channel.publish({ data });
    await channel.publish({ data });
    await turn();
    const [first, ...others] = streams.map((stream) => stream.read());
    expect(serialised).toBe(2);
    expect(first?.length).toBeGreaterThan(200);
    for (const other of others) expect(other).toBe(first);
  });

  it('costs a stalled reader its buffer, whatever is published', async () => {
    const hub = newHub();
    const channel = hub.channel('news');
    const stream = newStream(hub, channel);
    for (let n = 0; n < 500; n += 1) await channel.publish({ data: 'x'.repeat(10_000) });
    await turn();
    expect(stream.readableLength).toBeLessThan(100_000);
  });

  it.each([
    ['is empty', ''],
    ['has 256 bytes', 'x'.repeat(256)],
    ['has 256 bytes in 128 characters', 'é'.repeat(128)],
    ['has 256 bytes in 64 characters', '\u{1f600}'.repeat(64)],
    ['has a line feed', 'a\nb'],
    ['has a carriage return', 'a\rb'],
    ['has NUL', 'a\0b'],
    ['has DEL', 'a\u007fb'],
    ['has NEL, of C1', 'a\u0085b'],
    ['has CSI, of C1', 'a\u009bb'],
  ])('E7: with a name that %s is refused', (_what, name) => {
    expect(() => newHub().channel(name)).toThrow(
      expect.objectContaining({ code: 'DEV_SERVE_ERR_INVALID_CHANNEL_NAME' }),
    );
  });

  it.each(['x'.repeat(255), `${'é'.repeat(127)}x`, `${'\u{1f600}'.repeat(63)}xxx`])(
    'E7: with a name of 255 bytes is one as any other: %s',
    (name) => {
      expect(Buffer.byteLength(name)).toBe(255);
      expect(newHub().channel(name).name).toBe(name);
    },
  );
});

describe('an event that cannot be written', () => {
  it.each([
    ['a newline in its type', { event: 'a\nb', data: 1 }],
    ['a carriage return in its type', { event: 'a\rb', data: 1 }],
    ['NUL in its type', { event: 'a\0b', data: 1 }],
    ['a reserved type', { event: 'error', data: 1 }],
    ['a type of ours', { event: 'dev-serve:position', data: 1 }],
    ['a type of 256 bytes', { event: 'é'.repeat(128), data: 1 }],
    ['no data', { data: undefined }],
    ['data that is no JSON', { data: 1n }],
  ])('(%s) is refused at the call, and nothing is stored', async (_name, message) => {
    const channel = newChannel();
    const publish = () => channel.publish(message);
    expect(publish).toThrow(TypeError);
    expect(publish).toThrow(expect.objectContaining({ code: 'DEV_SERVE_ERR_INVALID_EVENT_FIELD' }));
    expect(await channel.publish({ data: 'next' })).toMatch(/-1$/);
  });

  it.each(['a\nb', 'a\rb', 'a\0b'])('to one stream by its id (%j) is refused', (id) => {
    const stream = newStream(newHub());
    const before = stream.readableLength;
    expect(() => stream.send({ id, data: 1 })).toThrow(
      expect.objectContaining({ code: 'DEV_SERVE_ERR_INVALID_EVENT_FIELD' }),
    );
    expect(stream.readableLength).toBe(before);
  });
});

it('N6: a stream fed by hand of which nothing is read any more is disconnected at 1 MiB', async () => {
  const stream = newStream(newHub());
  stream.read(0);
  const closed = new Promise<Error>((resolve) => stream.once('error', resolve));
  let bytes = 0;
  while (bytes < 64 * 1024 * 1024 && stream.send('x'.repeat(60_000))) bytes += 60_000;
  expect(bytes).toBeGreaterThan(1024 * 1024);
  // The largest is left out, and the one that is too much is told by the next.
  expect(bytes).toBeLessThan(1.5 * 1024 * 1024);
  expect(await closed).toMatchObject({ code: 'DEV_SERVE_ERR_SLOW_READER' });
});
