import { createServer } from 'node:http';
import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import { expect, it, vi } from 'vitest';
import { eventStream } from '../../plugins/http.ts';
import { newHub } from '../support/event-hub.ts';
import { visit } from '../support/event-request.ts';
import { listen } from '../support/http-servers.ts';

it('a generator sees the request of Express, on a router below a path', async () => {
  const hub = newHub({ retry: 250 });
  const router = express.Router();
  router.get('/rooms/:room', (request, response) => {
    eventStream(
      request,
      response,
      async function* (context) {
        yield `${context.request.params.room} of ${context.request.baseUrl}, ${context.lastEventId}`;
      },
      { hub, address: request.ip },
    );
  });
  const app = express().set('trust proxy', true).use('/api', router);
  const origin = `http://127.0.0.1:${await listen(createServer(app))}`;
  const answer = visit(`${origin}/api/rooms/red?lastEventId=7`);
  await expect.poll(() => answer.ended).toBe(true);
  expect(answer.text).toBe('retry: 250\ndata: red of /api, 7\n\n');
});

it('a middleware that looks at the head finds what forbids it to compress', async () => {
  const news = newHub().channel('news');
  const seen = vi.fn();
  const looksAtHead: RequestHandler = (_request, response, next) => {
    const { writeHead } = response;
    response.writeHead = (...parameters: [number]) => {
      seen(response.getHeader('cache-control'), response.getHeader('content-type'));
      return writeHead.apply(response, parameters);
    };
    next();
  };
  const app = express().use(looksAtHead);
  app.get('/', (request, response) => void eventStream(request, response, news));
  const answer = visit(`http://127.0.0.1:${await listen(createServer(app))}/`);
  await expect.poll(() => answer.text).toContain('position');
  expect(seen.mock.calls).toEqual([['no-cache, no-transform', 'text/event-stream']]);
});

it('an error handler gets what is wrong with the call, and can still answer', async () => {
  const app = express();
  app.get('/', (request, response) => void eventStream(request, response, undefined));
  const answerWithCode: ErrorRequestHandler = (error, _request, response, _next) => {
    response.status(500).send(error.code);
  };
  app.use(answerWithCode);
  const answer = visit(`http://127.0.0.1:${await listen(createServer(app))}/`);
  await expect.poll(() => answer.ended).toBe(true);
  expect(answer).toMatchObject({ status: 500, text: 'DEV_SERVE_ERR_INVALID_OPTION' });
});

it('a source that fails without anybody who listens is told on the console', async () => {
  const hub = newHub();
  const failure = new Error('from the source');
  const printed = vi.spyOn(console, 'error').mockImplementation(() => {});
  const app = express();
  app.get('/', (request, response) => {
    eventStream(
      request,
      response,
      async function* () {
        yield await Promise.reject<string>(failure);
      },
      { hub },
    );
  });
  const answer = visit(`http://127.0.0.1:${await listen(createServer(app))}/`);
  await expect.poll(() => answer.ended).toBe(true);
  await expect.poll(() => printed.mock.calls).toEqual([[failure]]);
  printed.mockRestore();
});
