import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import injectHtml, { type Obstacle } from '../plugins/inject-html.ts';
import { tag } from './html/golden-pages.ts';

const NAVIGATION = { 'sec-fetch-dest': 'document' };
const NAME = 'content-security-policy';

let app: FastifyInstance;
let texts: string[];

beforeEach(async () => {
  app = Fastify();
  texts = [];
  await app.register(injectHtml, {
    snippet: () => tag,
    needs: { script: '/client.js', events: '/events' },
    onObstacle: ({ page, text }: Obstacle) => texts.push(`${page}: ${text}`),
  });
});

afterEach(() => app.close());

function page(headers: Record<string, string | string[]>): void {
  app.get('/*', (_request, reply) => reply.headers(headers).type('text/html').send('<p>page'));
}

const open = (url: string, headers: Record<string, string> = NAVIGATION) =>
  app.inject({ url, headers });

describe('a page whose policy forbids the client', () => {
  it('is told of once, whatever its query and its nonce', async () => {
    app.get('/admin/', (_request, reply) =>
      reply
        .header(NAME, `script-src 'nonce-${Math.random()}' 'strict-dynamic'`)
        .type('text/html')
        .send('<p>'),
    );
    await open('/admin/?1');
    await open('/admin/?2');
    expect(texts).toHaveLength(1);
    expect(texts[0]).toMatch(
      /^\/admin\/: \/admin\/ cannot reload: its Content-Security-Policy "script-src 'nonce-[^"]+" needs a nonce/,
    );
  });

  it('is told of for each page and each directive', async () => {
    page({ [NAME]: ["default-src 'none'", 'sandbox'] });
    await open('/a');
    await open('/b');
    expect(texts).toEqual([
      '/a: /a cannot reload: its Content-Security-Policy "sandbox" needs allow-scripts allow-same-origin',
      '/b: /b cannot reload: its Content-Security-Policy "sandbox" needs allow-scripts allow-same-origin',
    ]);
  });

  it('keeps its policy and still gets the tag', async () => {
    page({ [NAME]: "default-src 'none'" });
    const answer = await open('/');
    expect(answer.headers[NAME]).toBe("default-src 'none'");
    expect(answer.body).toBe(`${tag(undefined)}<p>page`);
    expect(texts).toHaveLength(1);
  });

  it('Q3: is told of in one line of visible characters', async () => {
    page({ [NAME]: `script-src \xe9${'x'.repeat(500)}` });
    await open('/%1b/\x7f');
    expect(texts[0]?.split(': ').slice(1).join(': ')).toMatch(/^[^\p{C}]{50,400}$/u);
  });
});

describe('nothing is told of', () => {
  it.each([
    [
      'a policy that is only reported',
      { 'content-security-policy-report-only': "default-src 'none'" },
      NAVIGATION,
    ],
    ['a policy that lets the client through', { [NAME]: "default-src 'self'" }, NAVIGATION],
    [
      'a page that a script fetches',
      { [NAME]: "default-src 'none'" },
      { 'sec-fetch-dest': 'empty' },
    ],
    ['a page that curl fetches', { [NAME]: "default-src 'none'" }, { accept: '*/*' }],
    [
      'a page to download',
      { [NAME]: "default-src 'none'", 'content-disposition': 'attachment' },
      NAVIGATION,
    ],
    [
      'a request without a proper host',
      { [NAME]: "default-src 'none'" },
      { ...NAVIGATION, host: 'a b/' },
    ],
  ])('%s', async (_case, headers, request) => {
    page(headers);
    expect((await open('/', request)).statusCode).toBe(200);
    expect(texts).toEqual([]);
  });

  it('a policy in a <meta>, which binds only what comes after the tag', async () => {
    app.get('/', (_request, reply) =>
      reply
        .type('text/html')
        .send(`<head><meta http-equiv=${NAME} content="default-src 'none'"></head>`),
    );
    await open('/');
    expect(texts).toEqual([]);
  });
});
