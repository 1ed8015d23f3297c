import { describe, expect, it } from 'vitest';
import type { EventStream } from '../../plugins/sse.ts';
import { takeWay } from '../support/direct.ts';
import { visit } from '../support/event-request.ts';
import { listen, sseApp } from '../support/sse-app.ts';

/** Two readers of a channel; the filter of the second does something with the stream of the first. */
async function readers(act: (first: EventStream) => unknown) {
  const app = await sseApp();
  const channel = app.channel('news');
  const streams: EventStream[] = [];
  app.get('/first', (_request, reply) => {
    const stream = reply.sse(channel);
    streams.push(stream);
    return stream;
  });
  const filter = () => {
    for (const first of streams.splice(0)) act(first);
    return true;
  };
  app.get('/second', (_request, reply) => reply.sse(channel, { filter }));
  const origin = await listen(app);
  const first = visit(`${origin}/first`);
  await expect.poll(() => first.text).toContain('position');
  const second = visit(`${origin}/second`);
  await expect.poll(() => second.text).toContain('position');
  return { app, channel, first, second };
}

describe.each(['direct', 'piped'] as const)('what is done to a stream that is %s', (way) => {
  takeWay(way);

  it('amid a turn comes behind the event that it was written before', async () => {
    const { channel, first, second } = await readers((stream) => stream.send('behind'));
    await channel.publish({ data: 'one' });
    await expect.poll(() => first.text).toMatch(/data: one\n[\s\S]*data: behind\n/);
    await channel.publish({ data: 'two' });
    await expect.poll(() => first.text).toMatch(/data: behind\n[\s\S]*data: two\n/);
    await expect.poll(() => second.text).toMatch(/data: one\n[\s\S]*data: two\n/);
  });

  it('amid a turn ends it behind that event', async () => {
    const { channel, first, second } = await readers((stream) => stream.close());
    await channel.publish({ data: 'one' });
    await expect.poll(() => first.ended).toBe(true);
    expect(first.text).toContain('data: one\n');
    await channel.publish({ data: 'two' });
    await expect.poll(() => second.text).toContain('data: two\n');
  });

  it('amid a turn breaks it off, and no other', async () => {
    const { app, channel, first, second } = await readers((stream) => stream.destroy());
    await channel.publish({ data: 'one' });
    await expect.poll(() => first.closed).toBe(true);
    await channel.publish({ data: 'two' });
    await expect.poll(() => second.text).toContain('data: two\n');
    expect(app.sse.stats().streams).toBe(1);
  });
});
