import { get } from 'node:http';
import { Readable } from 'node:stream';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import compress from '@fastify/compress';
import helmet from '@fastify/helmet';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import injectHtml from '../plugins/inject-html.ts';
import { tag } from './html/golden-pages.ts';

const PAGE = `<!doctype html><head><title>x</title></head><body>${'word '.repeat(1000)}</body>`;
const INJECTED = PAGE.replace('<head>', `<head>${tag(undefined)}`);
const NAVIGATION = { 'sec-fetch-dest': 'document' };

let app: FastifyInstance;

beforeEach(() => {
  app = Fastify({ forceCloseConnections: true });
});

afterEach(() => app.close());

async function listen(): Promise<number> {
  return Number(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port);
}

describe('a streamed page', () => {
  beforeEach(() => app.register(injectHtml, { snippet: () => tag }));

  it('ends its source when the browser leaves in mid-page', async () => {
    const source = Readable.from(
      (function* () {
        yield '<!doctype html><body>';
        for (;;) yield 'more '.repeat(1000);
      })(),
    );
    app.get('/', (_request, reply) => reply.type('text/html').send(source));
    const client = get({ host: '127.0.0.1', port: await listen(), headers: NAVIGATION });
    client.on('error', () => {});
    const closed = new Promise((resolve) => source.once('close', resolve));
    await new Promise<void>((resolve) => {
      client.once('response', (response) => response.once('data', () => resolve()));
    });
    expect(source.destroyed).toBe(false);
    client.destroy();
    await closed;
    expect(source.destroyed).toBe(true);
  });

  it('answers 500 when its source fails before the first byte', async () => {
    app.get('/', (_request, reply) =>
      reply.type('text/html').send(
        new Readable({
          read() {
            this.destroy(new Error('no such template'));
          },
        }),
      ),
    );
    const response = await app.inject({ url: '/', headers: NAVIGATION });
    expect(response.statusCode).toBe(500);
    expect(response.json()).toMatchObject({ message: 'no such template' });
  });

  it('is cut off, not ended, when its source fails in mid-page', async () => {
    app.get('/', (_request, reply) =>
      reply.type('text/html').send(
        Readable.from(
          (async function* () {
            yield '<!doctype html><body>begun';
            await new Promise((resolve) => setImmediate(resolve));
            throw new Error('lost');
          })(),
        ),
      ),
    );
    const client = get({ host: '127.0.0.1', port: await listen(), headers: NAVIGATION });
    const outcome = new Promise((resolve) => {
      client.once('error', resolve);
      client.once('response', (response) => {
        response
          .resume()
          .once('error', resolve)
          .once('end', () => resolve('ended'));
      });
    });
    expect(await outcome).toMatchObject({ code: 'ECONNRESET' });
  });

  it('is not rewritten for HEAD, which throws the body away', async () => {
    let written = 0;
    const own = Fastify();
    const snippet = () => () => {
      written += 1;
      return '';
    };
    await own.register(injectHtml, { snippet });
    own.get('/', (_request, reply) => reply.type('text/html').send(Readable.from([PAGE])));
    await own.inject({ method: 'HEAD', url: '/', headers: NAVIGATION });
    expect(written).toBe(0);
    await own.inject({ method: 'GET', url: '/', headers: NAVIGATION });
    expect(written).toBe(1);
    await own.close();
  });
});

describe('beside @fastify/compress', () => {
  const orders = {
    before: [
      () => app.register(compress, { threshold: 0 }),
      () => app.register(injectHtml, { snippet: () => tag }),
    ],
    after: [
      () => app.register(injectHtml, { snippet: () => tag }),
      () => app.register(compress, { threshold: 0 }),
    ],
  };

  describe.each(['before', 'after'] as const)('registered %s the plugin', (order) => {
    it.each([
      ['string', () => PAGE],
      ['Buffer', () => Buffer.from(PAGE)],
      ['stream', () => Readable.from([PAGE])],
    ])('a %s is injected and compressed then', async (_kind, payload) => {
      for (const register of orders[order]) await register();
      app.get('/', (_request, reply) => reply.type('text/html').send(payload()));
      for (const [encoding, decode] of [
        ['gzip', gunzipSync],
        ['br', brotliDecompressSync],
      ] as const) {
        const headers = { ...NAVIGATION, 'accept-encoding': encoding };
        const response = await app.inject({ url: '/', headers });
        expect(response.headers['content-encoding']).toBe(encoding);
        expect(decode(response.rawPayload).toString()).toBe(INJECTED);
        expect(String(response.headers.vary)).toMatch(/accept-encoding/i);
        expect(String(response.headers.vary)).toMatch(/sec-fetch-dest/i);
      }
    });
  });
});

describe('beside @fastify/helmet', () => {
  it.each(['before', 'after'] as const)('registered %s it the nonce is used', async (order) => {
    const inject = () => app.register(injectHtml, { snippet: () => tag });
    if (order === 'after') await inject();
    await app.register(helmet, { enableCSPNonces: true });
    if (order === 'before') await inject();
    app.get('/', (_request, reply) =>
      reply.type('text/html').header('x-nonce', reply.cspNonce.script).send(PAGE),
    );
    const response = await app.inject({ url: '/', headers: NAVIGATION });
    const nonce = String(response.headers['x-nonce']);
    expect(response.headers['content-security-policy']).toContain(`'nonce-${nonce}'`);
    expect(response.body).toContain(tag(nonce));
  });
});
