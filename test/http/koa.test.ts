import { createServer } from 'node:http';
import Koa from 'koa';
import { expect, it, vi } from 'vitest';
import { eventStream } from '../../plugins/http.ts';
import { newHub } from '../support/event-hub.ts';
import { visit } from '../support/event-request.ts';
import { listen } from '../support/http-servers.ts';

async function serve(app: Koa): Promise<string> {
  return `http://127.0.0.1:${await listen(createServer(app.callback()))}/`;
}

it('headers that middlewares of Koa set on the way in are kept, and nothing fails on the way out', async () => {
  const news = newHub().channel('news');
  const onError = vi.fn();
  const app = new Koa().on('error', onError);
  app.use(async (context, next) => {
    context.set('x-own', 'kept');
    context.cookies.set('session', 'renewed');
    await next();
    // Too late for the head; Koa takes it for a response that is sent.
    context.set('x-time', '1');
    context.status = 201;
  });
  app.use(async (context) => {
    await Promise.resolve();
    context.respond = false;
    eventStream(context.req, context.res, news, { address: context.ip });
  });
  const answer = visit(await serve(app));
  await expect.poll(() => news.size).toBe(1);
  await news.publish({ data: 'through Koa' });
  await expect.poll(() => answer.text).toContain('data: through Koa\n');
  expect(answer).toMatchObject({
    status: 200,
    headers: { 'x-own': 'kept', 'content-type': 'text/event-stream' },
  });
  expect(answer.headers['set-cookie']).toEqual([expect.stringContaining('session=renewed')]);
  answer.leave();
  await expect.poll(() => news.size).toBe(0);
  expect(onError).not.toHaveBeenCalled();
});

it('an error of the call reaches the error handling of Koa when respond is set after it', async () => {
  const onError = vi.fn();
  const app = new Koa().on('error', onError);
  app.use((context) => {
    eventStream(context.req, context.res, undefined);
    context.respond = false;
  });
  const answer = visit(await serve(app));
  await expect.poll(() => answer.ended).toBe(true);
  expect(answer).toMatchObject({ status: 500, text: 'Internal Server Error' });
  expect(onError.mock.calls[0]?.[0]).toMatchObject({ code: 'DEV_SERVE_ERR_INVALID_OPTION' });
});

it('the wrappers that Koa passes are refused', async () => {
  const news = newHub().channel('news');
  const app = new Koa();
  const thrown = vi.fn();
  app.use((context) => {
    try {
      Reflect.apply(eventStream, undefined, [context.request, context.response, news]);
    } catch (error) {
      thrown(error);
    }
    context.body = 'own';
  });
  const answer = visit(await serve(app));
  await expect.poll(() => answer.text).toBe('own');
  expect(thrown.mock.calls[0]?.[0]).toMatchObject({ code: 'DEV_SERVE_ERR_INVALID_RESPONSE' });
});
