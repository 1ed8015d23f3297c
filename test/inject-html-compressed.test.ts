import { get } from 'node:http';
import { Readable } from 'node:stream';
import { brotliCompressSync, deflateRawSync, deflateSync, gunzipSync, gzipSync } from 'node:zlib';
import compress from '@fastify/compress';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import injectHtml, { type Obstacle } from '../plugins/inject-html.ts';
import { tag } from './html/golden-pages.ts';

const PAGE = `<!doctype html><head><title>é</title></head><body>${'word '.repeat(1000)}</body>`;
const INJECTED = PAGE.replace('<head>', `<head>${tag(undefined)}`);
const NAVIGATION = { 'sec-fetch-dest': 'document', 'accept-encoding': 'gzip, br' };

let app: FastifyInstance;
let obstacles: Obstacle[];

beforeEach(() => {
  app = Fastify({ forceCloseConnections: true });
  obstacles = [];
});

afterEach(() => app.close());

const inject = () =>
  app.register(injectHtml, { snippet: () => tag, onObstacle: (found) => obstacles.push(found) });

function page(coding: string, body: () => unknown): void {
  app.get('/', (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .headers({ 'content-encoding': coding, etag: '"a"', vary: 'Accept-Encoding' })
      .send(body()),
  );
}

describe.each([
  ['gzip', gzipSync(PAGE)],
  ['x-gzip', gzipSync(PAGE)],
  ['br', brotliCompressSync(PAGE)],
  ['deflate', deflateSync(PAGE)],
  ['deflate', deflateRawSync(PAGE)],
  ['gzip, br', brotliCompressSync(gzipSync(PAGE))],
])('a page that arrives in %s', (coding, body) => {
  beforeEach(inject);

  it.each([
    ['a Buffer', () => body],
    ['a stream', () => Readable.from([body])],
    ['a web stream', () => new Response(new Uint8Array(body)).body],
  ])('as %s gets the tag and is sent plain', async (_kind, payload) => {
    page(coding, payload);
    const answer = await app.inject({ url: '/', headers: NAVIGATION });
    expect(answer.body).toBe(INJECTED);
    expect(answer.headers).toMatchObject({ 'cache-control': 'no-cache' });
    for (const name of ['content-encoding', 'content-length', 'etag']) {
      expect(answer.headers[name]).toBeUndefined();
    }
    expect(answer.headers.vary).toBe('Accept-Encoding, Accept, Sec-Fetch-Dest, Sec-Fetch-Mode');
    expect(obstacles).toEqual([]);
  });

  it('has the same headers for HEAD', async () => {
    page(coding, () => body);
    const [head, full] = await Promise.all(
      (['HEAD', 'GET'] as const).map((method) =>
        app.inject({ method, url: '/', headers: NAVIGATION }),
      ),
    );
    const { date: _head, connection: _c, ...headers } = head?.headers ?? {};
    const {
      date: _date,
      connection: _d,
      'transfer-encoding': chunked,
      ...expected
    } = full?.headers ?? {};
    expect(chunked).toBe('chunked');
    expect(headers).toEqual(expected);
    expect(head?.body).toBe('');
  });

  it('is left as it is for a script that fetches it', async () => {
    page(coding, () => body);
    const answer = await app.inject({ url: '/', headers: { 'sec-fetch-dest': 'empty' } });
    expect(answer.rawPayload.equals(body)).toBe(true);
    expect(answer.headers).toMatchObject({ 'content-encoding': coding, etag: '"a"' });
  });
});

describe('a compressed page', () => {
  it('may be compressed again by the app', async () => {
    await inject();
    await app.register(compress, { threshold: 0 });
    page('br', () => brotliCompressSync(PAGE));
    const headers = { ...NAVIGATION, 'accept-encoding': 'gzip' };
    const answer = await app.inject({ url: '/', headers });
    expect(answer.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(answer.rawPayload).toString()).toBe(INJECTED);
  });

  it('gets the tag when its handler has compressed it', async () => {
    await inject();
    await app.register(compress, { global: false, threshold: 0 });
    app.get('/', (_request, reply) => reply.type('text/html').compress(PAGE));
    expect((await app.inject({ url: '/', headers: NAVIGATION })).body).toBe(INJECTED);
  });

  it('that is not what it says answers 500 before its first byte', async () => {
    await inject();
    page('gzip', () => Buffer.from(PAGE));
    const answer = await app.inject({ url: '/', headers: NAVIGATION });
    expect(answer.statusCode).toBe(500);
    expect(answer.headers['content-encoding']).toBeUndefined();
    expect(answer.json()).toMatchObject({ message: 'incorrect header check' });
  });

  it('that breaks in the middle is cut off, not ended', async () => {
    await inject();
    const whole = gzipSync(Buffer.from(Array.from({ length: 300_000 }, () => Math.random() * 256)));
    const broken = Buffer.concat([whole.subarray(0, 200_000), Buffer.alloc(100_000, 0xff)]);
    page('gzip', () => Readable.from([broken]));
    const address = new URL(await app.listen({ host: '127.0.0.1', port: 0 }));
    const outcome = await new Promise((resolve) => {
      get(address, { headers: NAVIGATION }, (response) => {
        response
          .on('error', resolve)
          .on('end', () => resolve('ended'))
          .resume();
      });
    });
    expect(outcome).toMatchObject({ code: 'ECONNRESET' });
  });

  it('lets go of its source when the browser leaves', async () => {
    await inject();
    const bomb = gzipSync(Buffer.alloc(50_000_000, '<p>'));
    const source = Readable.from([bomb.subarray(0, -8)]);
    const closed = new Promise((resolve) => source.once('close', resolve));
    page('gzip', () => source);
    const address = new URL(await app.listen({ host: '127.0.0.1', port: 0 }));
    await new Promise<void>((resolve) => {
      const client = get(address, { headers: NAVIGATION }, (response) => {
        response.once('data', () => {
          client.destroy();
          resolve();
        });
      });
      client.on('error', () => {});
    });
    await closed;
    expect(source.destroyed).toBe(true);
  });
});

describe('a page in an encoding that is not known', () => {
  it('is left as it is, which is told once', async () => {
    await inject();
    page('zstd', () => Buffer.from('not to be read'));
    for (const url of ['/?a', '/?b']) {
      const answer = await app.inject({ url, headers: NAVIGATION });
      expect(answer.body).toBe('not to be read');
      expect(answer.headers).toMatchObject({ 'content-encoding': 'zstd', etag: '"a"' });
    }
    await app.inject({ url: '/', headers: { 'sec-fetch-dest': 'empty' } });
    await app.inject({ url: '/', headers: { accept: '*/*' } });
    expect(obstacles).toEqual([
      {
        page: '/',
        text: '/ cannot reload: its Content-Encoding "zstd" is none to read: send it plain, or as gzip, br or deflate',
      },
    ]);
  });
});
