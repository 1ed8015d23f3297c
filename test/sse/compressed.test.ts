import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:http2';
import type { Readable } from 'node:stream';
import { createGunzip, gunzipSync } from 'node:zlib';
import compress from '@fastify/compress';
import Fastify from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import sse, { type Channel, type StreamOptions } from '../../plugins/sse.ts';
import { takeWay } from '../support/direct.ts';
import { newHub } from '../support/event-hub.ts';
import { listen, sseApp } from '../support/sse-app.ts';

interface Answer {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Readable;
}

const GZIP = { 'accept-encoding': 'gzip' };

/** Over HTTP/1.1. */
async function ask(url: string, headers: Record<string, string> = GZIP): Promise<Answer> {
  const asked = request(url, { agent: false, headers }).end();
  onTestFinished(() => void asked.destroy());
  const [body] = await once(asked, 'response');
  body.on('error', () => {});
  return { headers: body.headers, body };
}

async function askOverHttp2(url: string, headers: Record<string, string> = GZIP): Promise<Answer> {
  const session = connect(url);
  onTestFinished(() => session.destroy());
  const body = session.request({ ':path': new URL(url).pathname, ...headers });
  const [received] = await once(body, 'response');
  return { headers: received, body };
}

/** What has come of a body so far: as it is, and as the client reads it, which it does at once. */
function follow({ body }: Answer) {
  const coded: Buffer[] = [];
  const read = { coded, text: '' };
  const gunzip = createGunzip().setEncoding('utf8');
  body.on('data', (bytes: Buffer) => {
    coded.push(bytes);
    gunzip.write(bytes);
  });
  gunzip.on('data', (text: string) => {
    read.text += text;
  });
  return read;
}

/** An app whose streams of a compressed channel are at `/`. */
async function newsApp(options: StreamOptions = {}) {
  const app = await sseApp();
  const channel = app.channel('news', { compress: true });
  app.get('/', (_request, reply) => reply.sse(channel, options));
  return { app, channel };
}

const tick = (n: number) => ({ event: 'tick', data: { n, of: 'the same as ever '.repeat(10) } });

async function tickOneByOne(channel: Channel, read: { readonly text: string }) {
  for (let n = 1; n <= 10; n += 1) {
    const id = await channel.publish(tick(n));
    await expect.poll(() => read.text).toMatch(new RegExp(`id: ${id}\n\n$`));
  }
}

describe.each(['direct', 'piped'] as const)('a compressed stream, %s', (way) => {
  takeWay(way);

  it('brings each event at once, in fewer bytes, and ends as a whole gzip file', async () => {
    const { app, channel } = await newsApp();
    const answer = await ask(await listen(app));
    expect(answer.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' });
    const read = follow(answer);
    await tickOneByOne(channel, read);
    const ended = once(answer.body, 'end');
    await app.close();
    await ended;
    const coded = Buffer.concat(read.coded);
    const text = gunzipSync(coded).toString();
    await expect.poll(() => read.text).toBe(text);
    expect(coded.length).toBeLessThan(text.length / 2);
  });

  it('resumes, and brings what is for its reader alone', async () => {
    const { app, channel } = await newsApp();
    const ids = [];
    for (let n = 1; n <= 30; n += 1) ids.push(await channel.publish(tick(n)));
    const headers = { ...GZIP, 'last-event-id': ids[9] ?? '' };
    const read = follow(await ask(await listen(app), headers));
    await expect.poll(() => read.text).toContain(`id: ${ids.at(-1)}\n\n`);
    expect(read.text).toContain('{"recovered":true}');
    expect(read.text.match(/^event: tick$/gm)).toHaveLength(20);
    expect(channel.send('for you', () => true)).toBe(1);
    await channel.publish(tick(31));
    await expect
      .poll(() => read.text)
      .toMatch(/data: for you\nid: [^\n]+\n\nevent: tick\ndata: {"n":31,/);
  });
});

it('a compressed stream goes over HTTP/2', async () => {
  const app = Fastify({ http2: true });
  onTestFinished(() => app.close());
  await app.register(sse);
  const channel = app.channel('news', { compress: true });
  app.get('/', (_request, reply) => reply.sse(channel));
  const answer = await askOverHttp2(await app.listen({ port: 0, host: '127.0.0.1' }));
  expect(answer.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' });
  await tickOneByOne(channel, follow(answer));
});

it('a compressed stream is left alone by what compresses all else', async () => {
  const app = Fastify();
  onTestFinished(() => app.close());
  await app.register(compress, { threshold: 0, customTypes: /./ });
  await app.register(sse);
  const channel = app.channel('news', { compress: true });
  app.get('/', (_request, reply) => reply.sse(channel));
  await tickOneByOne(channel, follow(await ask(await listen(app))));
});

describe('a stream', () => {
  const coding = async (url: string, headers?: Record<string, string>) => {
    const answer = await ask(url, headers);
    answer.body.destroy();
    return [answer.headers['content-encoding'], answer.headers.vary];
  };

  it('is compressed for clients that take it so, and says that there are others', async () => {
    const { app } = await newsApp();
    app.addHook('onRequest', async (_request, reply) => void reply.header('vary', 'Origin'));
    const url = await listen(app);
    expect(await coding(url)).toEqual(['gzip', 'Origin, Accept-Encoding']);
    expect(await coding(url, {})).toEqual([undefined, 'Origin, Accept-Encoding']);
    expect(await coding(url, { 'accept-encoding': 'gzip;q=0' })).toEqual([
      undefined,
      'Origin, Accept-Encoding',
    ]);
  });

  it('is not where a channel of it is not, or a filter makes it one of its own', async () => {
    const { app, channel } = await newsApp({ filter: () => true });
    app.get('/both', (_request, reply) => reply.sse([channel, app.channel('sport')]));
    app.get('/sport', (_request, reply) => reply.sse(app.channel('sport')));
    app.get('/none', (_request, reply) => reply.sse());
    const url = await listen(app);
    for (const path of ['', '/both', '/sport', '/none'])
      expect(await coding(`${url}${path}`)).toEqual([undefined, undefined]);
  });

  it('has the same head for a HEAD request', async () => {
    const { app } = await newsApp();
    const { headers } = await app.inject({ method: 'HEAD', url: '/', headers: GZIP });
    expect(headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' });
  });
});

it('what is answered instead of a compressed stream is not said to be compressed', async () => {
  const { app, channel } = await newsApp();
  app.get('/fails', async (_request, reply) => {
    reply.sse(channel);
    throw new Error('after all');
  });
  app.get('/denied', async (_request, reply) => {
    reply.sse(channel).close();
    return reply.code(403).send('not you');
  });
  app.get('/other', (_request, reply) => {
    reply.sse(channel).close();
    return reply.sse(app.channel('sport'));
  });
  const url = await listen(app);
  const bodies = ['after all', 'not you'];
  for (const [index, path] of ['/fails', '/denied'].entries()) {
    const response = await fetch(`${url}${path}`, { headers: GZIP });
    expect(response.headers.get('content-encoding')).toBe(null);
    expect(await response.text()).toContain(bodies[index]);
  }
  const { headers, body } = await ask(`${url}/other`);
  body.destroy();
  expect(headers['content-encoding']).toBe(undefined);
});

describe('a channel', () => {
  it('stays compressed for everybody who asks for it by name, until one says otherwise', () => {
    const hub = newHub();
    hub.channel('news', { compress: true });
    hub.channel('news');
    expect(hub.isCompressed('news')).toBe(true);
    hub.channel('news', { compress: false });
    expect(hub.isCompressed('news')).toBe(false);
  });

  it('refuses options that it cannot understand', () => {
    const hub = newHub();
    const options: object = { compress: 'gzip' };
    expect(() => hub.channel('news', options)).toThrow(
      'Option "compress" must be true or false, not "gzip"',
    );
    expect(() => hub.channel('', { compress: true })).toThrow('A channel name');
    expect(hub.isCompressed('')).toBe(false);
    const misspelt: object = { compres: true };
    expect(() => hub.channel('news', misspelt)).toThrow('Option "compres" is unknown here');
  });
});
