import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readEvents } from '../../plugins/testing.ts';
import { sseApp } from '../support/sse-app.ts';

const NO_EVENT_STREAM = 'DEV_SERVE_ERR_NO_EVENT_STREAM';

describe('a response that is no event stream', () => {
  it('is an error with the status and the beginning of the body', async () => {
    const app = await sseApp();
    await expect(readEvents(app, '/nowhere')).rejects.toMatchObject({
      code: NO_EVENT_STREAM,
      message: expect.stringMatching(/: 404 application\/json.* .*Route GET:\/nowhere not found/),
    });
  });

  it.each([
    ['text/html', '<h1>Log in</h1>'],
    ['text/event-streams', 'data: 1\n\n'],
  ])('is an error for the type %s', async (type, body) => {
    const app = await sseApp();
    app.get('/', (_request, reply) => reply.type(type).send(body));
    await expect(readEvents(app, '/')).rejects.toThrow(`: 200 ${type}`);
    await expect(readEvents(app, '/')).rejects.toThrow(body.trim());
  });

  it('is an error for a status that an EventSource would refuse', async () => {
    const app = await sseApp();
    app.get('/', (_request, reply) => reply.code(503).type('text/event-stream').send('retry: 1\n'));
    await expect(readEvents(app, '/')).rejects.toThrow(': 503 text/event-stream retry: 1');
    app.close();
  });

  it('without an end is cut short, and left', async () => {
    const app = await sseApp();
    const body = new Readable({ read: () => void body.push('x'.repeat(100)) });
    app.get('/', (_request, reply) => reply.type('text/plain').send(body));
    const error = await readEvents(app, '/').catch((error: Error) => error);
    expect(error).toMatchObject({ message: expect.stringMatching(/text\/plain.* x{200}$/) });
    await expect.poll(() => body.destroyed).toBe(true);
  });

  it('that does not come is an error in time, and is left', async () => {
    const app = await sseApp();
    let left = false;
    app.get('/', async (_request, reply) => {
      await new Promise((resolve) => reply.raw.on('error', () => {}).once('close', resolve));
      left = true;
      return reply.hijack();
    });
    await expect(readEvents(app, '/', { timeout: 50 })).rejects.toThrow('no response within 50 ms');
    await expect.poll(() => left).toBe(true);
  });

  it('is no event stream of a closed app', async () => {
    const app = await sseApp();
    await app.close();
    await expect(readEvents(app, '/')).rejects.toThrow();
  });
});

describe('a wrong option', () => {
  it('is refused at the call', async () => {
    const app = await sseApp();
    await expect(readEvents(app, '/', { timeout: 0 })).rejects.toMatchObject({
      code: 'DEV_SERVE_ERR_INVALID_OPTION',
    });
  });
});
