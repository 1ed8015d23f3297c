import { describe, expect, it } from 'vitest';
import type { EventStream } from '../../plugins/sse.ts';
import { readEvents } from '../../plugins/testing.ts';
import { sseApp } from '../support/sse-app.ts';

const NO_EVENT = 'DEV_SERVE_ERR_NO_EVENT';

/** An app whose one stream the test feeds. */
async function streamOf(timeout: number) {
  const app = await sseApp();
  const streams: EventStream[] = [];
  app.get('/', (_request, reply) => {
    const stream = reply.sse();
    streams.push(stream);
    return stream;
  });
  const events = await readEvents(app, '/', { timeout });
  const [stream] = streams;
  if (!stream) throw new Error('no stream');
  return { app, stream, events };
}

describe('an event that does not come', () => {
  it('is an error in time that lists what did, from the line that asked', async () => {
    const { stream, events } = await streamOf(50);
    stream.send({ event: 'hello', data: { n: 1 } });
    stream.send('some text');
    const error = await events.next('tick').catch((error: Error) => error);
    expect(error).toMatchObject({
      code: NO_EVENT,
      message: 'No event "tick" came within 50 ms. What came: hello {"n":1}, message some text',
      stack: expect.stringContaining('no-event.test.ts'),
    });
    await events.close();
  });

  it('is an error that says so when nothing came', async () => {
    const { events } = await streamOf(50);
    await expect(events.next()).rejects.toThrow('No event came within 50 ms. What came: nothing');
    await events.close();
  });

  it('is an error that lists the newest of very many, cut short', async () => {
    const { stream, events } = await streamOf(5000);
    for (let n = 1; n <= 100; n++) stream.send(`${n} ${'x'.repeat(1000)}`);
    stream.close();
    const error = await events.next('tick').catch((error: Error) => error);
    expect(error).toMatchObject({ message: expect.stringMatching(/: 90 more, then message 91 x/) });
    expect(String(error).length).toBeLessThan(1200);
  });

  it('may still come: no event is lost to the wait that was given up', async () => {
    const { stream, events } = await streamOf(50);
    await expect(events.next()).rejects.toMatchObject({ code: NO_EVENT });
    stream.send('late');
    expect((await events.next()).data).toBe('late');
    await events.close();
  });

  it('is an error when the server ends the stream, each time it is asked for', async () => {
    const { stream, events } = await streamOf(5000);
    stream.send('only');
    stream.close();
    const message = 'No event "tick" came before the server ended the stream. What came:';
    await expect(events.next('tick')).rejects.toThrow(`${message} message only`);
    await expect(events.next('tick')).rejects.toThrow(`${message} nothing`);
  });

  it('is an error when the server breaks the stream off', async () => {
    const { stream, events } = await streamOf(5000);
    const next = events.next();
    stream.destroy(new Error('crash'));
    await expect(next).rejects.toThrow('No event came before the server broke the stream off');
    await expect(events.end()).rejects.toMatchObject({ code: NO_EVENT });
  });
});

describe('the end of a stream', () => {
  it('is waited for, and brings what was not read', async () => {
    const { stream, events } = await streamOf(5000);
    const end = events.end();
    stream.send({ event: 'last', data: 1 });
    stream.close();
    expect(await end).toEqual([{ event: 'last', id: '', data: 1 }]);
    expect(await events.end()).toEqual([]);
  });

  it('is an error if it does not come in time, and can be waited for again', async () => {
    const { stream, events } = await streamOf(50);
    stream.send('one');
    await expect(events.end()).rejects.toThrow(
      'No end of the stream came within 50 ms. What came: message one',
    );
    stream.close();
    expect(await events.end()).toEqual([]);
  });

  it('comes with the reason when the server evicts the client', async () => {
    const { stream, events } = await streamOf(5000);
    stream.evict();
    expect((await events.next('dev-serve:close')).data).toEqual({ reason: 'evicted' });
    expect(await events.end()).toEqual([]);
    expect(events.retry).toBeGreaterThan(1e9);
  });

  it('comes when the app closes', async () => {
    const { app, events } = await streamOf(5000);
    const end = events.end();
    await app.close();
    expect(await end).toEqual([]);
  });
});
