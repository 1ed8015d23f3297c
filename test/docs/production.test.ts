import { connect } from 'node:http2';
import { describe, expect, it, onTestFinished } from 'vitest';
import { certificate } from '../support/certificate.ts';
import { tableDefaults, tableRows } from '../support/docs/blocks.ts';
import { dataOf, listen } from '../support/docs/listen.ts';
import { defaultsOf, membersOf } from '../support/docs/members.ts';
import { post } from '../support/docs/news.ts';
import type { Project } from '../support/docs/project.ts';
import { needs, type Runner, runBlocks } from '../support/docs/run-blocks.ts';
import { openSSE, openWebSocket } from '../support/event-reader.ts';
import { hasNginx, Nginx } from '../support/nginx.ts';

const DOCUMENT = 'docs/production.md';
const soon = { timeout: 20_000 };

const limits: Runner = async (block, project) => {
  await project.answers(await project.app(block.text));
  const from = (address: string) =>
    fetch(`${project.url}/news`, { headers: { 'x-forwarded-for': address } });
  const url = `${project.url}/news`;
  const readers = Array.from({ length: 20 }, () => listen(url));
  for (const events of readers) await expect.poll(() => events, soon).toHaveLength(1);
  const refused = await fetch(url);
  expect(refused.status).toBe(200);
  expect(await refused.text()).toMatch(/^retry: [2-4]\d{3}\n$/);
  const other = await from('203.0.113.7');
  expect(await beginning(other)).toContain('dev-serve:position');
};

/** Up to the first event. */
async function beginning(response: Response): Promise<string> {
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString();
    if (text.includes('\n\n')) break;
  }
  return text;
}

const nginx: Runner = async (block, project, context) => {
  const server = await project.app(`
    import Fastify from 'fastify';
    import sse from 'dev-serve/sse';
    import websocket from 'dev-serve/websocket';
    const app = Fastify({ trustProxy: '127.0.0.1' });
    await app.register(sse);
    await app.register(websocket, { path: '/news/ws', channel: 'news' });
    const news = app.channel('news');
    app.get('/news', (_, reply) => reply.sse(news));
    app.post('/news', async ({ ip }) => ({ id: await news.publish({ data: ip }) }));`);
  await project.answers(server);
  const [open, pass, ...directives] = block.text.trim().split('\n').slice(0, -1);
  expect([open, pass]).toEqual(['location / {', '  proxy_pass http://127.0.0.1:3000;']);
  const { port } = await Nginx.start(context, project.port, { directives });
  const origin = `http://127.0.0.1:${port}`;
  const readers = [openSSE, openWebSocket].map((open) => listen(`${origin}/news`, '', open));
  for (const events of readers) await expect.poll(() => events, soon).toHaveLength(1);
  await fetch(`${origin}/news`, { method: 'POST', headers: { 'x-forwarded-for': '203.0.113.7' } });
  for (const events of readers) {
    // Before a heartbeat could have pushed it out of a buffer.
    await expect.poll(() => events.at(-1)?.data, { timeout: 10_000 }).toBe('203.0.113.7');
  }
};

const http2: Runner = async (block, project) => {
  await project.write('key.pem', certificate.key.toString());
  await project.write('cert.pem', certificate.cert.toString());
  const server = await project.program(block.text);
  await serves(project, server);
  const client = connect(project.url.replace('http:', 'https:'), { ca: certificate.cert });
  onTestFinished(() => client.destroy());
  const stream = client.request({ ':path': '/news' }).setEncoding('utf8');
  let text = '';
  stream.on('data', (piece) => {
    text += piece;
  });
  await expect.poll(() => text, soon).toContain('event: dev-serve:position\n');
};

/** For what does not answer to plain HTTP. */
async function serves(project: Project, server: { readonly output: string }): Promise<void> {
  const attempt = () =>
    new Promise((resolve) => {
      const client = connect(project.url.replace('http:', 'https:'), { ca: certificate.cert });
      client.once('connect', () => resolve('answers'));
      client.once('error', () => resolve(server.output || 'no answer'));
      client.once('close', () => resolve('no answer'));
      client.once('connect', () => client.destroy());
    });
  await expect.poll(attempt, soon).toBe('answers');
}

const plugins: Runner = async (block, project) => {
  await project.answers(await project.app(block.text));
  const origin = 'https://shop.example';
  const preflight = await fetch(`${project.url}/news`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'last-event-id',
    },
  });
  expect(preflight.headers.get('access-control-allow-headers')).toContain('last-event-id');
  const response = await fetch(`${project.url}/news`, { headers: { origin } });
  expect(response.headers.get('access-control-allow-origin')).toBe(origin);
  expect(response.headers.get('content-security-policy')).not.toBeNull();
  expect(response.headers.get('content-encoding')).toBeNull();
  expect(await beginning(response)).toContain('dev-serve:position');
};

const compression: Runner = async (block, project) => {
  await project.answers(await project.app(block.text));
  const response = await fetch(`${project.url}/prices`);
  expect(response.headers.get('content-encoding')).toBe('gzip');
  expect(await beginning(response)).toContain('dev-serve:position');
};

const auth: Runner = async (block, project) => {
  const server = await project.app(`${block.text}
    async function userOf(token) {
      if (token === 'secret') return { name: 'ada', exp: Date.now() / 1000 + 0.3 };
      throw Object.assign(new Error('who is it?'), { statusCode: 401 });
    }`);
  await project.answers(server);
  expect((await fetch(`${project.url}/news`)).status).toBe(401);
  const stream = await fetch(`${project.url}/news`, { headers: { authorization: 'secret' } });
  expect(await stream.text()).toContain('dev-serve:position');
};

const metrics: Runner = async (block, project) => {
  const server = await project.app(`${block.text}
    app.get('/news', (_, reply) => reply.sse(app.channel('news')));`);
  await project.answers(server);
  const events = listen(`${project.url}/news`);
  await expect.poll(() => events, soon).toHaveLength(1);
  expect(await project.page('/metrics')).toContain('\nsse_streams 1\n');
};

const closing: Runner = async (block, project) => {
  const server = await project.program(block.text);
  await project.answers(server);
  const stream = await fetch(`${project.url}/news`);
  const text = stream.text();
  await server.kill();
  expect(await text).toMatch(/\nretry: 1\d{3}\n$/);
  expect(await server.ended()).toBe(0);
};

const express: Runner = async (block, project) => {
  const server = await project.program(block.text);
  await project.answers(server);
  const events = listen(`${project.url}/news`);
  await expect.poll(() => events, soon).toHaveLength(1);
  await post(project, '/news', { title: 'one' });
  await expect.poll(() => dataOf(events), soon).toEqual([{ title: 'one' }]);
  await server.kill();
  expect(await server.ended()).toBe(0);
};

const koa: Runner = async (block, project) => {
  const server = await project.program(`${block.text}
    setInterval(() => news.publish({ data: 'one' }), 50);`);
  await project.answers(server);
  const events = listen(`${project.url}/news`);
  await expect.poll(() => events.at(-1)?.data, soon).toBe('one');
};

runBlocks(DOCUMENT, {
  limits,
  nginx: needs(hasNginx || undefined, nginx),
  http2,
  plugins,
  compression,
  auth,
  metrics,
  closing,
  express,
  koa,
});

describe(`the tables in ${DOCUMENT}`, () => {
  it.each([
    ['option', 'plugins/events/event-hub.ts', 'EventHubOptions'],
    ['option of eventStream', 'plugins/http.ts', 'HttpStreamOptions'],
    ['figure', 'plugins/events/figures.ts', 'Stats'],
  ])('name each %s, in its order, with its default', (head, path, name) => {
    expect(tableRows(DOCUMENT, head)).toEqual(membersOf(path, name));
    expect(tableDefaults(DOCUMENT, head)).toEqual(defaultsOf(path, name));
  });
});
