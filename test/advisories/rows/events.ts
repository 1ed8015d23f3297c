import { request } from 'node:http';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { FastifyInstance } from 'fastify';
import { expect, onTestFinished } from 'vitest';
import { encodeComment } from '../../../plugins/events/encode.ts';
import { sseApp } from '../../support/sse-app.ts';
import type { Advisory } from '../advisory.ts';

/** What makes a second field, or a second event, where it is written as it is. */
const LINE_ENDS = ['\n', '\r', '\r\n', '\n\n', '\r\r', '\r\n\r\n', '\n\r'];
const FORGERIES = LINE_ENDS.flatMap((end) => [
  `a${end}data: FORGED`,
  `a${end}event: forged${end}data: FORGED${end}${end}`,
  `${end}id: 9${end}`,
  `a${end}`,
  `${end}retry: 1${end}`,
]);
const CONTROLS = ['\0', '\u0001', '\u000b', '\u000c', '\u001b', '\u007f', '\u0085', '\u009b'];
const SEPARATORS = ['\u2028', '\u2029'];
const NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
const CODED = expect.objectContaining({ code: 'DEV_SERVE_ERR_INVALID_EVENT_FIELD' });

/** Events as a parser reads them that others wrote, from a stream of this app. */
async function read(app: FastifyInstance, path: string): Promise<EventSourceMessage[]> {
  const events: EventSourceMessage[] = [];
  const parser = createParser({
    onEvent: (event) => {
      if (event.event !== 'dev-serve:position') events.push(event);
    },
    onError: (error) => expect.fail(error.message),
  });
  const url = `${app.listeningOrigin}${path}`;
  const asked = request(url, { agent: false }, (response) => {
    response.setEncoding('utf8').on('data', (chunk: string) => parser.feed(chunk));
    response.on('error', () => {});
  });
  onTestFinished(() => void asked.destroy());
  asked.on('error', () => {}).end();
  const channels = app.sse;
  await expect.poll(() => channels.stats().streams, { timeout: 15_000 }).toBeGreaterThan(0);
  return events;
}

async function newsApp(prepare = (_app: FastifyInstance) => {}): Promise<FastifyInstance> {
  const app = await sseApp({ retry: 100 });
  prepare(app);
  app.get('/news', (_request, reply) => reply.sse(app.channel('news')));
  await app.listen({ port: 0, host: '127.0.0.1' });
  return app;
}

/** What may stand in an event. */
export const events: readonly Advisory[] = [
  {
    ids: [
      ...['CVE-2026-33128', 'GHSA-22cc-p3c6-wpvm', 'CVE-2026-29085', 'CVE-2026-44217'],
      ...['CVE-2026-44214', 'CVE-2026-22735'],
    ],
    product: 'h3, hono, sse-channel, eventsource-encoder, Spring',
    cause: 'line ends in "event", "id", "retry" and comments were written as they are',
    promise: 'a name or an id with a line end throws at once, and nothing of it is written',
    async probe() {
      const app = await newsApp((own) => {
        own.get('/alone', (_request, reply) => {
          const stream = reply.sse();
          for (const text of [...FORGERIES, ...CONTROLS, ...SEPARATORS]) {
            expect(() => stream.send({ id: `a${text}`, data: 'x' })).toThrow(CODED);
            expect(() => stream.send({ event: `a${text}`, data: 'x' })).toThrow(CODED);
          }
          stream.send({ data: 'alone' });
          return stream;
        });
      });
      const news = app.channel('news');
      const [heard, alone] = [await read(app, '/news'), await read(app, '/alone')];
      for (const text of [...FORGERIES, ...CONTROLS, ...SEPARATORS]) {
        expect(() => news.publish({ event: `a${text}`, data: 'x' })).toThrow(CODED);
        expect(encodeComment(text)).not.toMatch(/^[^:]|\r|\n[^:]/);
      }
      for (const retry of [Number.NaN, Number.POSITIVE_INFINITY, -1, 0.5, 1e300]) {
        await expect(sseApp({ retry })).rejects.toThrow('Option "retry"');
      }
      await news.publish({ data: 'last' });
      await expect.poll(() => heard.map(({ data }) => data), { timeout: 15_000 }).toEqual(['last']);
      await expect
        .poll(() => alone.map(({ data }) => data), { timeout: 15_000 })
        .toEqual(['alone']);
    },
  },
  {
    ids: ['GHSA-4hxc-9384-m385'],
    aliases: ['fastify-sse-v2#110', 'koa-sse', 'express-sse', 'flask-sse', 'django-eventstream'],
    product: 'h3 and others',
    cause: 'data and comments were split at LF alone, but a CR ends a line too',
    promise: 'data of any kind is one event, the same but for its line ends',
    async probe() {
      const app = await newsApp();
      const news = app.channel('news');
      const heard = await read(app, '/news');
      const all = [...FORGERIES, ...CONTROLS, ...SEPARATORS, '', ':', 'data: x', '\ufeff', ' a'];
      for (const data of all) await news.publish({ data });
      await expect.poll(() => heard.length, { timeout: 15_000 }).toBe(all.length);
      expect(heard.map(({ data }) => data)).toEqual(
        all.map((data) => data.replace(/\r\n?/g, '\n')),
      );
      expect(new Set(heard.map(({ event }) => event))).toEqual(new Set([undefined]));
    },
  },
  {
    ids: ['CVE-2026-49998'],
    product: 'centrifugo',
    cause: 'keys were texts put together, and lacked a part',
    promise: 'names of channels that read alike when they are put together are kept apart',
    async probe() {
      const app = await sseApp();
      const sets = [
        ...[['a', 'b,c'], ['a,b', 'c'], ['a,b,c'], ['a', 'b', 'c'], ['a\u001fb', 'c']],
        ...[
          ['a|b', 'c'],
          ['["a","b"]', 'c'],
          ['a:b', 'c'],
          ['a b', 'c'],
          ['__proto__', 'c'],
        ],
      ].map((names) =>
        names.map((name) => (/\p{Cc}/u.test(name) ? encodeURIComponent(name) : name)),
      );
      sets.forEach((names, index) => {
        const channels = names.map((name) => app.channel(name));
        app.get(`/${index}`, (_request, reply) => reply.sse(channels));
      });
      await app.listen({ port: 0, host: '127.0.0.1' });
      const heard = await Promise.all(sets.map((_, index) => read(app, `/${index}`)));
      const count = () => app.sse.stats().streams;
      await expect.poll(count, { timeout: 15_000 }).toBe(sets.length);
      const names = [...new Set(sets.flat())];
      for (const name of names) await app.channel(name).publish({ data: name });
      for (const [index, own] of sets.entries()) {
        const data = () => heard[index]?.map((event) => event.data);
        const expected = names.filter((name) => own.includes(name));
        await expect.poll(data, { timeout: 15_000 }).toEqual(expected);
      }
    },
  },
  {
    ids: ['CVE-2026-47219', 'CVE-2026-59724', 'GHSA-5v72-xg48-5rpm'],
    product: 'find-my-way, engine.io, ws',
    cause: 'plain objects were asked for names that clients had chosen',
    promise: 'names that every object has are names like any other',
    async probe({ dev, proxied }) {
      const app = await sseApp();
      for (const name of NAMES) {
        app.get(`/${name}`, (_request, reply) => reply.sse(app.channel(name)));
      }
      await app.listen({ port: 0, host: '127.0.0.1' });
      const heard = await Promise.all(NAMES.map((name) => read(app, `/${name}`)));
      await expect.poll(() => app.sse.stats().streams, { timeout: 15_000 }).toBe(NAMES.length);
      for (const name of NAMES)
        await app.channel(name).publish({ event: name, data: { [name]: 1 } });
      for (const [index, name] of NAMES.entries()) {
        const all = () => heard[index]?.map(({ event, data }) => [event, data]);
        const data = JSON.stringify({ [name]: 1 });
        await expect.poll(all, { timeout: 15_000 }).toEqual([[name, data]]);
      }
      expect((await dev.ask('/__proto__/')).text).toContain('<title>proto</title>');
      expect((await dev.ask('/constructor')).text).toBe('a file named constructor');
      for (const name of ['toString', 'hasOwnProperty', 'lib/__proto__', 'docs/constructor']) {
        expect((await dev.ask(`/${name}`)).status, name).toBe(404);
      }
      for (const name of NAMES) {
        const headers = { [name]: 'x', origin: name, 'last-event-id': name, accept: name };
        expect((await dev.ask(`/?${name}[x]=1&lastEventId=${name}`, { headers })).status).toBe(200);
        expect((await proxied.ask(`/api/${name}`, { headers })).status).toBe(200);
        const lines = ['Protocol', 'Extensions'].map((kind) => `Sec-WebSocket-${kind}: ${name}`);
        expect([101, 400]).toContain((await dev.upgrade('/events/ws', ...lines)).status);
        const body = `{"tab":"aaaaaaaa","page":"/","type":"${name}","${name}":{"x":1}}`;
        const type = { 'content-type': 'application/json' };
        const report = { method: 'POST', headers: type, body };
        expect((await dev.ask('/@dev-serve/report', report)).status).toBe(400);
      }
      expect(Object.keys(Object.prototype)).toEqual([]);
    },
  },
];
